from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.crm_manager_change import REASONS

# So many orders are named in the message to who gets them; the rest is counted.
NAMED_ORDERS = 10


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
            ('none', "To Nobody"),
        ],
        default='one', required=True)
    user_ids = fields.Many2many(
        'res.users', string="Order Managers",
        domain=lambda self: [
            ('all_group_ids', 'in', self.env.ref('crm_roles.group_order_manager').ids)])
    user_id = fields.Many2one(
        'res.users', "Order Manager",
        domain=lambda self: [
            ('all_group_ids', 'in', self.env.ref('crm_roles.group_order_manager').ids)])
    reason = fields.Selection(
        [reason for reason in REASONS if reason[0] not in ('created', 'taken', 'untouched')],
        default='transfer', required=True)
    note = fields.Char()
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

    @api.depends('order_ids', 'method', 'user_id', 'user_ids')
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
        self.order_ids._check_field_access(self.order_ids._fields['order_manager_id'], 'write')
        assignment = self._assignment()
        if not assignment:
            raise UserError(self.env._(
                "Choose who is to get the %s orders. Who is absent or has not the role gets none.",
                self.order_count))
        # sudo: sale.order - the right to choose the manager of these orders was checked above
        changed = self.order_ids.sudo()._change_order_manager(assignment, self.reason, self.note)
        for user, orders in assignment.items():
            self._tell(user, orders & changed.sudo(False))
        return {'type': 'ir.actions.act_window_close'}

    def _assignment(self):
        """Return which of the orders go to whom.

        :rtype: dict[res.users, sale.order]
        """
        self.ensure_one()
        orders = self.order_ids._origin
        if self.method == 'none':
            return {self.env['res.users']: orders}
        if self.method == 'one':
            return {self.user_id: orders} if self.user_id else {}
        return dict(orders._spread_over(self.user_ids._origin, self.method))

    def _tell(self, user, orders):
        """Send `user` one message about all the orders he got."""
        if not user or not orders or user == self.env.user:
            return
        named = Markup(", ").join(order._get_html_link() for order in orders[:NAMED_ORDERS])
        more = len(orders) - NAMED_ORDERS
        body = self.env._(
            "%(count)s orders are yours now: %(orders)s", count=len(orders), orders=named
        )
        if more > 0:
            body += self.env._(" and %s more.", more)
        self.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids, body=body,
            subject=self.env._("%s orders to look after", len(orders)))


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
