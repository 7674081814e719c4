from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .res_users import MANAGER_GROUP
from .unpaid import amount_owed, amount_received, amount_unpaid, settled_share

# Who may say which order is whose.
ASSIGNERS = 'crm_roles.group_call_center_lead,crm_roles.group_sales_manager'


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['sale.order', 'crm.call.queue.mixin']

    order_manager_id = fields.Many2one(
        'res.users', copy=False, tracking=True, index='btree_not_null',
        domain=[('has_order_manager_role', '=', True)],
        help="Calls the customer until the order is paid.")
    amount_unpaid = fields.Monetary(
        "Unpaid",
        compute='_compute_amount_unpaid',
        store=True,
        compute_sudo=True,
        help="What the customer still has to pay: the total, less what payment transactions "
             "brought, what was paid on the bills, and the credit notes.")
    amount_received = fields.Monetary(
        "Received",
        compute='_compute_amount_unpaid',
        store=True,
        compute_sudo=True,
        help="What came in of what the order costs after its credit notes; "
             "the rest of it is unpaid.")
    partner_phone = fields.Char(related='partner_id.phone', string="Customer's Phone")
    has_open_bill = fields.Boolean(compute='_compute_has_open_bill', compute_sudo=True)

    _call_held_idx = models.Index("(call_user_id) WHERE call_user_id IS NOT NULL")

    @api.depends(
        'state', 'currency_id', 'amount_total', 'invoice_status',
        'order_line.invoice_lines.price_total',
        'order_line.invoice_lines.move_id.state',
        'order_line.invoice_lines.move_id.amount_total',
        'order_line.invoice_lines.move_id.amount_residual',
        'order_line.invoice_lines.move_id.matched_payment_ids.state',
        'order_line.invoice_lines.move_id.transaction_ids.state',
        'transaction_ids.state', 'transaction_ids.amount',
        'transaction_ids.payment_id.state',
        'transaction_ids.payment_id.move_id.line_ids.amount_residual',
    )
    def _compute_amount_unpaid(self):
        self._fetch_payments()
        for order in self:
            if order.state == 'cancel':
                order.amount_unpaid = order.amount_received = 0.0
                continue
            figures = order._payment_figures()
            order.amount_unpaid = order.currency_id.round(amount_unpaid(*figures))
            order.amount_received = order.currency_id.round(amount_received(*figures))

    @api.depends('amount_unpaid')
    def _compute_has_open_bill(self):
        for order in self:
            order.has_open_bill = bool(order._open_bills())

    @api.depends('state', 'amount_unpaid')
    def _compute_call_state(self):
        super()._compute_call_state()

    @api.constrains('order_manager_id')
    def _check_order_manager_id(self):
        for order in self:
            manager = order.order_manager_id
            if manager and not manager.has_group(MANAGER_GROUP):
                raise ValidationError(self.env._(
                    "%(order)s: %(user)s is no order manager. "
                    "Choose somebody with the role, or give it to him in his user settings.",
                    order=order.display_name, user=manager.name))

    def action_register_payment(self):
        """Open the dialog in which a payment of the customer for the order is registered.

        :raise UserError: when no bill is open
        """
        bills = self._open_bills()
        if not bills:
            raise UserError(
                self.env._(
                    "%s has no open bill to pay. "
                    "Send the customer a payment link, or have it billed first.",
                    ", ".join(self.mapped('display_name')),
                )
            )
        action = bills.action_register_payment()
        action['context'] = {**action.get('context', {}), 'dont_redirect_to_payments': True}
        return action

    def action_view_calls(self):
        """Open the calls about the order."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_calls.crm_call_action')
        action['domain'] = [('res_model', '=', self._name), ('res_id', '=', self.id)]
        action['context'] = {'create': False}
        return action

    def _call_logged(self, call):
        super()._call_logged(call)
        if not self.order_manager_id and call.user_id.has_group(MANAGER_GROUP):
            # sudo: sale.order - an order nobody manages is managed by who calls first
            self.sudo().order_manager_id = call.user_id

    @api.model
    def _conversation_fields(self):
        return super()._conversation_fields() | {'call_user_id', 'call_held_at'}

    @api.model
    def _field_writers(self, name):
        return ASSIGNERS if name == 'order_manager_id' else super()._field_writers(name)

    @api.model
    def _call_offered_domain(self, state):
        offered = super()._call_offered_domain(state)
        if state != 'to_call':
            return offered
        return offered & Domain('order_manager_id', 'in', [False, self.env.uid])

    def _is_worth_calling(self):
        return self.state in ('sent', 'sale') and bool(self.amount_unpaid)

    def _check_call(self, outcome, callback_at, duration):
        super()._check_call(outcome, callback_at, duration)
        if self.state == 'cancel':
            raise UserError(self.env._(
                "%s is cancelled: there is nothing to call about. "
                "Log the call on the customer instead.", self.display_name))
        if not self.amount_unpaid:
            raise UserError(self.env._(
                "%s is paid: there is nothing to call about. "
                "Log the call on the customer instead.", self.display_name))

    def _open_bills(self):
        """Return the posted bills of the orders that are not paid yet."""
        # sudo: account.payment - what was paid on a bill decides whether it is open
        bills_sudo = self.invoice_ids.sudo().filtered(
            lambda bill: bill.move_type == 'out_invoice' and bill.state == 'posted'
            and not bill.currency_id.is_zero(bill._amount_not_paid()))
        return bills_sudo.sudo(self.env.su)

    def _payment_figures(self):
        """Return what an order costs, and what was credited, paid and brought for it.

        :return: amounts in the currency of the order: owed, credited, paid, brought
        :rtype: tuple[float, float, float, float]
        """
        self.ensure_one()
        billed = credited = paid = 0.0
        for bill, part in self._billed_parts().items():
            settled = part * settled_share(bill.amount_total, bill._amount_not_paid())
            if bill.move_type == 'out_refund':
                credited += part
                paid -= settled
            else:
                billed += part
                paid += settled
        owed = amount_owed(self.amount_total, billed, self._is_fully_billed())
        return owed, credited, paid, self._amount_brought()

    def _is_fully_billed(self):
        """Tell whether posted bills cover the whole order; Odoo counts draft bills as billed."""
        self.ensure_one()
        return (
            self.invoice_status in ('invoiced', 'upselling')
            and 'draft' not in self.order_line.invoice_lines.move_id.mapped('state')
        )

    def _billed_parts(self):
        """Return what each posted bill and credit note asks for this order.

        A bill over several orders asks each for the share of its lines; so rounding of taxes and
        cash rounding stay with the bill, and a bill over one order counts as it stands.

        :return: amounts in the currency of the order, above 0 for credit notes too
        :rtype: dict[account.move, float]
        """
        self.ensure_one()
        parts = {}
        for bill, lines in self.order_line.invoice_lines.grouped('move_id').items():
            if bill.state != 'posted' or bill.move_type not in ('out_invoice', 'out_refund'):
                continue
            products = bill.invoice_line_ids.filtered(lambda line: line.display_type == 'product')
            whole = sum(products.mapped('price_total'))
            ours = sum((lines & products).mapped('price_total'))
            part = bill.amount_total * ours / whole if whole else ours
            parts[bill] = self._in_order_currency(
                part, bill.currency_id, bill.invoice_date or bill.date
            )
        return parts

    def _fetch_payments(self):
        """Have the payment transactions of all orders at hand: each order asks for its own."""
        transactions = self.transaction_ids | self.invoice_ids.transaction_ids
        (transactions | transactions.child_transaction_ids).mapped('sale_order_ids.amount_total')

    def _amount_brought(self):
        """Return what payment transactions brought for the order and no bill has used yet.

        :return: amount in the currency of the order
        :rtype: float
        """
        self.ensure_one()
        direct = self.transaction_ids | self.transaction_ids.child_transaction_ids
        brought = sum(
            self._in_order_currency(
                tx._amount_not_used() * self._share_of(tx.sale_order_ids),
                tx.currency_id,
                tx.last_state_change,
            )
            for tx in direct
        )
        for bill, part in self._billed_parts().items():
            through_bill = bill.transaction_ids - direct
            share = part / bill.amount_total if bill.amount_total else 0.0
            brought += sum(tx._amount_not_used() for tx in through_bill) * share
        return brought

    def _share_of(self, orders):
        """Return which share of what several orders get together is this order's."""
        together = sum(orders.mapped('amount_total'))
        return self.amount_total / together if together and len(orders) > 1 else 1.0

    def _in_order_currency(self, amount, currency, date):
        """Return `amount` of `currency` in the currency of the order, at the rate of `date`."""
        return currency._convert(
            amount, self.currency_id, self.company_id, date or fields.Date.today(), round=False)
