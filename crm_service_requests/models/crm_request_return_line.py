from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_return_policy_rule import CONDITIONS
from .return_decision import refund

# What a decision was about; it stays as it was.
QUESTION_FIELDS = {
    'request_id', 'sale_line_id', 'move_line_id', 'product_id', 'quantity', 'condition'}
ANSWER_FIELDS = {'decision', 'decision_reason', 'fee', 'rule_id', 'decided_by'}


class CrmRequestReturnLine(models.Model):
    """How much of one purchase is to go back, why, and whether it may."""

    _name = 'crm.request.return.line'
    _description = "Line of a Return"
    _inherit = ['crm.write.guard']
    _order = 'request_id, id'
    _rec_name = 'product_id'
    _check_company_auto = True

    request_id = fields.Many2one('crm.request', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id', store=True)
    sale_line_id = fields.Many2one(
        'sale.order.line', "Order Line", check_company=True, index='btree_not_null',
        ondelete='restrict')
    move_line_id = fields.Many2one(
        'account.move.line', "Bill Line", check_company=True, index='btree_not_null',
        ondelete='restrict')
    product_id = fields.Many2one(
        'product.product', compute='_compute_purchase', store=True, precompute=True,
        readonly=False, required=True, ondelete='restrict')
    product_uom_id = fields.Many2one(
        'uom.uom', "Unit", compute='_compute_purchase', store=True, precompute=True)
    quantity = fields.Float(digits='Product Unit', default=1.0, required=True)
    reason_id = fields.Many2one('crm.return.reason', ondelete='restrict')
    condition = fields.Selection(CONDITIONS, default='unopened', required=True)

    currency_id = fields.Many2one(
        'res.currency', compute='_compute_purchase', store=True, precompute=True)
    price_unit = fields.Monetary(
        "Price", compute='_compute_purchase', store=True, precompute=True, aggregator=None,
        help="What was paid for one, without taxes.")
    amount = fields.Monetary(
        "Refund", compute='_compute_amount', store=True,
        help="Without taxes, after the restocking fee.")
    date_order = fields.Datetime("Ordered", compute='_compute_facts')
    date_delivery = fields.Datetime("Delivered", compute='_compute_facts')
    bought = fields.Float(digits='Product Unit', compute='_compute_facts')
    returned = fields.Float(
        "Returned Before", digits='Product Unit', compute='_compute_facts',
        help="What was accepted before, and what was credited without a request.")
    returnable = fields.Float(digits='Product Unit', compute='_compute_facts')

    decision = fields.Selection(
        [('accepted', "Accepted"), ('rejected', "Rejected")], readonly=True, copy=False)
    decision_reason = fields.Text("Answer", readonly=True, copy=False)
    decided_by = fields.Selection(
        [('system', "System"), ('supervisor', "Supervisor")], readonly=True, copy=False)
    fee = fields.Float("Fee (%)", readonly=True, copy=False, aggregator=None)
    rule_id = fields.Many2one(
        'crm.return.policy.rule', readonly=True, copy=False, ondelete='set null',
        groups='base.group_user')

    _quantity = models.Constraint(
        'CHECK (quantity > 0)', "The quantity that goes back must be above zero.")

    @api.depends('sale_line_id', 'move_line_id')
    def _compute_purchase(self):
        for line in self:
            order_line, bill_line = line.sale_line_id, line.move_line_id
            source = order_line or bill_line
            line.product_id = source.product_id or line.product_id
            line.product_uom_id = source.product_uom_id or line.product_id.uom_id
            line.currency_id = source.currency_id or line.request_id.company_id.currency_id
            line.price_unit = order_line.price_reduce_taxexcl or (
                bill_line.quantity and bill_line.price_subtotal / bill_line.quantity)

    @api.depends('price_unit', 'quantity', 'fee', 'decision')
    def _compute_amount(self):
        for line in self:
            line.amount = 0.0 if line.decision == 'rejected' else refund(
                line.price_unit, line.quantity, line.fee)

    @api.depends('sale_line_id', 'move_line_id', 'quantity', 'decision')
    def _compute_facts(self):
        purchases = self._purchases()
        for line in self:
            purchase = purchases.get(line._purchase_key())
            own = line._origin.quantity if line._counts() else 0.0
            line.date_order = purchase and purchase.date_order
            line.date_delivery = purchase and purchase.date_delivery
            line.bought = purchase.bought if purchase else 0.0
            line.returned = purchase.returned - own if purchase else 0.0
            line.returnable = max(0.0, line.bought - line.returned)

    # A decided line stays as it was decided

    @api.model
    def _field_writers(self, name):
        return 'base.group_system' if name in ANSWER_FIELDS else super()._field_writers(name)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for request in lines.request_id:
            if request.return_line_ids.filtered('decision') - lines:
                request._refuse_decided()
        return lines

    def write(self, vals):
        if QUESTION_FIELDS & vals.keys():
            self._check_undecided()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_undecided()

    def _check_undecided(self):
        """Refuse to change what was decided about.

        :raise UserError: if one of the lines is decided
        """
        self.filtered('decision').request_id[:1]._refuse_decided()

    # The purchases

    def _purchase_key(self):
        """Return by what the purchase of a line is found, None for one from elsewhere."""
        self.ensure_one()
        if self.sale_line_id:
            return self.sale_line_id.id * 2
        return self.move_line_id.id * 2 + 1 if self.move_line_id else None

    def _counts(self):
        """Return whether the line is among what counts as returned."""
        self.ensure_one()
        return self._origin.decision == 'accepted' and self.request_id.state != 'cancelled'

    def _purchases(self):
        """Return what is known of the purchases of the lines, as of now.

        :return: by the key of the line
        :rtype: dict[int, crm.return.purchase]
        """
        # sudo: crm.return.purchase - what a return is about is known to who may see the return
        purchases_sudo = self.env['crm.return.purchase'].sudo()
        found = purchases_sudo.search(
            Domain('sale_line_id', 'in', self.sale_line_id.ids)
            | Domain('move_line_id', 'in', self.move_line_id.ids), order='id')
        found.invalidate_recordset()
        return {purchase.id: purchase for purchase in found}

    def _lock_purchases(self):
        """Keep others from deciding on the same lines and purchases at the same time.

        A row that was written, and not only locked, also refuses who read before the other was
        done; he is tried again and reads what was decided.
        """
        for table, ids in (
                ('crm_request_return_line', self.ids),
                ('sale_order_line', self.sale_line_id.ids),
                ('account_move_line', self.move_line_id.ids)):
            if ids:
                self.env.cr.execute(SQL(
                    "UPDATE %(table)s SET id = id WHERE id IN ("
                    "SELECT id FROM %(table)s WHERE id IN %(ids)s ORDER BY id FOR UPDATE)",
                    table=SQL.identifier(table), ids=tuple(ids)), log_exceptions=False)
