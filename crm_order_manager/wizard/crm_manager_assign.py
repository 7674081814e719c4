from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.crm_roles.turn import wait_for_turn

from ..models.crm_manager_change import ABSENCE, REASONS_BY_HAND


class CrmManagerAssign(models.TransientModel):
    """Put other managers on the selected orders, after a look at who gets how many."""

    _name = 'crm.manager.assign'
    _description = "Assign Responsible"

    order_ids = fields.Many2many('sale.order', string="Orders", readonly=True)
    order_count = fields.Integer("Number of Orders", compute='_compute_order_count')
    method = fields.Selection(
        [
            ('one', "To One Person"),
            ('load', "Who Has the Fewest Open Orders"),
            ('turn', "One after the Other"),
            ('deputy', "To the Deputies"),
            ('policy', "By the Policies of the Sales Teams"),
            ('none', "To Nobody"),
        ],
        default='one', required=True)
    user_ids = fields.Many2many(
        'res.users', string="Order Managers", domain=[('has_order_manager_role', '=', True)])
    user_id = fields.Many2one(
        'res.users', "Order Manager", domain=[('has_order_manager_role', '=', True)])
    reason = fields.Selection(
        [*REASONS_BY_HAND, ABSENCE], default='transfer', required=True)
    note = fields.Char()
    return_note = fields.Char("Come Back", compute='_compute_return_note')
    line_ids = fields.One2many(
        'crm.manager.assign.line', 'wizard_id', "Who Gets How Many",
        compute='_compute_line_ids', store=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if 'order_ids' in fields and self.env.context.get('active_ids'):
            values['order_ids'] = [Command.set(self._selected_orders().ids)]
        return values

    @api.model
    def _selected_orders(self):
        """Return the orders selected, or those of the bills selected."""
        selected = self.env[self.env.context['active_model']].browse(self.env.context['active_ids'])
        if selected._name == 'account.move':
            return selected.invoice_line_ids.sale_line_ids.order_id
        return selected

    @api.depends('order_ids')
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard.order_ids)

    @api.depends('order_ids', 'reason')
    def _compute_return_note(self):
        for wizard in self:
            if wizard.reason != 'absence':
                wizard.return_note = False
                continue
            lendable = wizard.order_ids._origin._of_absent_managers()
            notes = [
                self.env._("%(user)s: after %(day)s", user=user.name,
                           day=format_date(self.env, absences[0][1]))
                if absences[0][1]
                else self.env._("%s: when the absence is over", user.name)
                for user, absences in lendable.order_manager_id._absences().items()
            ]
            staying = len(wizard.order_ids) - len(lendable)
            if staying:
                notes.append(self.env._(
                    "%s orders are paid, or of people who are not away, and stay", staying))
            wizard.return_note = "; ".join(notes)

    @api.depends('order_ids', 'method', 'user_id', 'user_ids', 'reason')
    def _compute_line_ids(self):
        for wizard in self:
            assignment = wizard._assignment()
            loads = self.env['sale.order']._open_orders_of(self.env['res.users'].union(*assignment))
            wizard.line_ids = [Command.clear()] + [
                Command.create({
                    'user_id': user.id,
                    'open_count': loads.get(user, 0),
                    'new_count': len(orders.filtered(
                        lambda order, user=user: order.order_manager_id != user)),
                    'amount_unpaid': sum(orders.mapped('amount_unpaid')),
                })
                for user, orders in assignment.items()
            ]

    def action_assign(self):
        """Put the managers on the orders, and tell each receiver once what he got.

        :raise UserError: when nobody is chosen who can be given an order
        """
        self.ensure_one()
        self.order_ids.check_access('write')
        wait_for_turn(self.order_ids)
        self.order_ids._check_field_access(self.order_ids._fields['order_manager_id'], 'write')
        assignment = self._assignment()
        if not assignment:
            raise UserError(self.env._(
                "Choose who is to get the %s orders. Who is absent or has not the role gets none.",
                self.order_count))
        # sudo: sale.order - the right to choose the manager of these orders was checked above
        orders_sudo = self.order_ids.sudo()
        if self.reason == 'absence':
            changed = orders_sudo._lend(assignment, self.note)
        else:
            changed = orders_sudo._change_order_manager(assignment, self.reason, self.note)
        for user, orders in assignment.items():
            (orders & changed)._tell_order_manager(user)
        return {'type': 'ir.actions.act_window_close'}

    def _assignment(self):
        """Return which of the orders go to whom.

        For an absence only those of who is, or will be, away are lent, and not among these people.

        :rtype: dict[res.users, sale.order]
        """
        self.ensure_one()
        orders, absent = self.order_ids._origin, self.env['res.users']
        if self.reason == 'absence':
            orders = orders._of_absent_managers()
            absent = orders.order_manager_id
        if self.method == 'none':
            return {self.env['res.users']: orders}
        if self.method == 'one':
            return {self.user_id: orders} if self.user_id else {}
        if self.method in ('deputy', 'policy'):
            assignment = (
                orders._by_deputy() if self.method == 'deputy' else orders._by_policy_again())
            return {user: part for user, part in assignment.items() if user not in absent}
        return dict(orders._spread_over(self.user_ids._origin - absent, self.method))


class CrmManagerAssignLine(models.TransientModel):
    """How many of the orders one person would get."""

    _name = 'crm.manager.assign.line'
    _description = "Orders of One Person"

    wizard_id = fields.Many2one('crm.manager.assign', index=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', "Order Manager")
    currency_id = fields.Many2one(
        'res.currency', default=lambda self: self.env.company.currency_id)
    open_count = fields.Integer("Has Now")
    new_count = fields.Integer("Gets")
    amount_unpaid = fields.Monetary("Unpaid")
