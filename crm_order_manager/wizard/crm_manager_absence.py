from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.res_users_absence import ABSENCE_FIELDS


class CrmManagerAbsence(models.TransientModel):
    """Say when an order manager is away and who stands in for him, and lend what he has to do."""

    _name = 'crm.manager.absence'
    _description = "Absence of an Order Manager"

    user_id = fields.Many2one('res.users', "Order Manager", required=True, readonly=True)
    absent_from = fields.Date("First Day", compute='_compute_absence', store=True, readonly=False)
    absent_until = fields.Date("Last Day", compute='_compute_absence', store=True, readonly=False)
    deputy_id = fields.Many2one(
        'res.users', compute='_compute_absence', store=True, readonly=False,
        domain="[('has_order_manager_role', '=', True), ('id', '!=', user_id)]")
    open_order_count = fields.Integer(related='user_id.open_order_count')
    lent_order_count = fields.Integer(related='user_id.lent_order_count')

    @api.depends('user_id')
    def _compute_absence(self):
        for wizard in self:
            for name in ABSENCE_FIELDS:
                wizard[name] = wizard.user_id[name]

    def action_save(self):
        """Keep the absence; what was lent comes back once it is over.

        :raise UserError: when the user is no order manager
        """
        self.ensure_one()
        if self.user_id not in self.env['res.users']._order_managers():
            raise UserError(self.env._(
                "%s is no order manager. Whoever keeps the users sets his absence.",
                self.user_id.name))
        # sudo: res.users - leads say when their order managers are away, and nothing else of them
        self.user_id.sudo().write({
            'absent_from': self.absent_from,
            'absent_until': self.absent_until,
            'deputy_id': self.deputy_id.id,
        })
        return {'type': 'ir.actions.act_window_close'}

    def action_save_and_lend(self):
        """Keep the absence, and go on to who gets the open orders for as long.

        :raise UserError: when the user is no order manager, is not away, or has no open orders
        """
        self.action_save()
        user = self.user_id
        if not user._absences()[user]:
            raise UserError(self.env._(
                "Say when %s is away: his orders come back to him after that.", user.name))
        orders = self.env['sale.order'].search(
            [('order_manager_id', '=', user.id), ('call_state', '!=', 'done')])
        if not orders:
            raise UserError(self.env._("%s has no open orders to lend.", user.name))
        others = self.env['res.users']._order_managers()._able_today() - user
        return {
            'name': self.env._("Lend Orders"),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.manager.assign',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'active_model': 'sale.order', 'active_ids': orders.ids,
                'default_reason': 'absence',
                'default_method': 'deputy' if user.deputy_id else 'load',
                'default_user_ids': [Command.set(others.ids)],
            },
        }
