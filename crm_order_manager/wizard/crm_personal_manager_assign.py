from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.crm_manager_change import REASONS_BY_HAND


class CrmPersonalManagerAssign(models.TransientModel):
    """Put other personal managers on the selected customers, after a look at who changes."""

    _name = 'crm.personal.manager.assign'
    _description = "Assign Personal Manager"

    partner_ids = fields.Many2many(
        'res.partner', string="Customers", readonly=True, context={'active_test': False})
    method = fields.Selection(
        [('one', "To One Person"), ('turn', "One after the Other"), ('none', "To Nobody")],
        default='one', required=True)
    user_id = fields.Many2one(
        'res.users', "Personal Manager",
        domain=lambda self: self.env['res.partner']._personal_manager_domain())
    user_ids = fields.Many2many(
        'res.users', string="Personal Managers",
        domain=lambda self: self.env['res.partner']._personal_manager_domain())
    reason = fields.Selection(
        REASONS_BY_HAND, default='transfer', required=True)
    note = fields.Char()
    contact_count = fields.Integer("Contacts That Change", compute='_compute_line_ids', store=True)
    order_count = fields.Integer("Orders That Follow", compute='_compute_line_ids', store=True)
    line_ids = fields.One2many(
        'crm.personal.manager.assign.line', 'wizard_id', "Who Gets Whose",
        compute='_compute_line_ids', store=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if 'partner_ids' in fields and self.env.context.get('active_model') == 'res.partner':
            values['partner_ids'] = [Command.set(self.env.context['active_ids'])]
        return values

    @api.depends('partner_ids', 'method', 'user_id', 'user_ids')
    def _compute_line_ids(self):
        for wizard in self:
            moves, changing = Counter(), wizard.partner_ids.browse()
            for user, partners in wizard._assignment().items():
                others = partners.filtered(
                    lambda partner, user=user: partner.personal_manager_id != user)
                moves.update((partner.personal_manager_id, user) for partner in others)
                changing |= others
            wizard.contact_count = len(changing)
            wizard.order_count = self.env['sale.order'].search_count(
                [('partner_id', 'in', changing.ids)])
            wizard.line_ids = [Command.clear()] + [
                Command.create({
                    'from_user_id': former.id, 'to_user_id': user.id, 'contact_count': count})
                for (former, user), count in moves.items()
            ]

    def action_assign(self):
        """Put the personal managers on the customers and on all who belong together with them.

        :raise UserError: when nobody is chosen
        :raise AccessError: when the user has no right to give the customers to them
        """
        self.ensure_one()
        self.partner_ids.check_access('write')
        assignment = self._assignment()
        if not assignment:
            raise UserError(self.env._("Choose who is to look after the customers."))
        for user, partners in assignment.items():
            partners.sudo(self.env.su)._set_personal_manager(user, self.reason, self.note)
        return {'type': 'ir.actions.act_window_close'}

    def _assignment(self):
        """Return which contacts go to whom; who belongs together stays together.

        :rtype: dict[res.users, res.partner]
        """
        self.ensure_one()
        circles = self.partner_ids._origin._circles()
        if self.method == 'none':
            people = [self.env['res.users']]
        elif self.method == 'one':
            people = list(self.user_id)
        else:
            people = list(self.user_ids._origin)
        if not people:
            return {}
        return {
            # sudo: res.partner - whoever shares an address or a company moves together
            user: self.partner_ids.browse().sudo().union(*circles[number::len(people)])
            for number, user in enumerate(people) if circles[number::len(people)]
        }


class CrmPersonalManagerAssignLine(models.TransientModel):
    """How many contacts go from one person to another."""

    _name = 'crm.personal.manager.assign.line'
    _description = "Contacts That Change Their Personal Manager"

    wizard_id = fields.Many2one('crm.personal.manager.assign', index=True, ondelete='cascade')
    from_user_id = fields.Many2one('res.users', "From")
    to_user_id = fields.Many2one('res.users', "To")
    contact_count = fields.Integer("Contacts")
