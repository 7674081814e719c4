from odoo import api, fields, models


class CrmPaymentChoice(models.Model):
    """One thing a customer has chosen to pay: a bill, an order, or something on account."""

    _name = 'crm.payment.choice'
    _description = "Chosen Payment"
    _order = 'id DESC'
    _rec_name = 'document'

    transaction_id = fields.Many2one(
        'payment.transaction', required=True, readonly=True, index=True, ondelete='cascade')
    state = fields.Selection(related='transaction_id.state', string="Status")
    move_id = fields.Many2one(
        'account.move', "Bill", readonly=True, index='btree_not_null', ondelete='restrict',
        help="A bill that is paid; a credit note or an earlier payment that is set off.")
    order_id = fields.Many2one(
        'sale.order', readonly=True, index='btree_not_null', ondelete='restrict',
        help="What of it is not billed yet is paid.")
    document = fields.Char(compute='_compute_document')
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, readonly=True, index=True, ondelete='restrict')
    user_id = fields.Many2one('res.users', "Chosen by", required=True, readonly=True)
    company_id = fields.Many2one(
        'res.company', related='transaction_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='transaction_id.currency_id')
    amount = fields.Monetary(
        "Chosen", required=True, readonly=True, help="Below 0 for what is set off.")
    amount_used = fields.Monetary(
        "Used", readonly=True,
        help="What of it was still open when the money came; the rest is on account.")
    amount_rest = fields.Monetary("Left on Account", compute='_compute_amount_rest')
    is_settled = fields.Boolean("Settled", readonly=True)
    payment_id = fields.Many2one(
        'account.payment', readonly=True, index='btree_not_null', ondelete='set null')

    _one_document = models.Constraint(
        'CHECK (move_id IS NULL OR order_id IS NULL)',
        "What is chosen is a bill or an order, not both.")
    _waiting_idx = models.Index('(transaction_id) WHERE is_settled IS NOT TRUE')

    @api.depends('move_id', 'order_id')
    def _compute_document(self):
        for choice in self:
            record = choice.move_id or choice.order_id
            choice.document = record.display_name if record else self.env._("On account")

    @api.depends('amount', 'amount_used', 'is_settled', 'move_id', 'order_id')
    def _compute_amount_rest(self):
        for choice in self:
            is_document = choice.move_id or choice.order_id
            choice.amount_rest = choice.amount - choice.amount_used if (
                choice.is_settled and is_document and choice.amount > 0) else 0.0

    def _amount_waiting(self):
        """Return what a choice has brought for its bill or order and no bill has used yet.

        :return: amount in the currency of the transaction
        :rtype: float
        """
        self.ensure_one()
        if self.transaction_id.state not in ('authorized', 'done'):
            return 0.0
        if not self.is_settled:
            return self.amount
        if not self.order_id:
            return 0.0
        return min(self.amount, max(self.payment_id._amount_not_used(), 0.0)) if (
            self.payment_id) else 0.0
