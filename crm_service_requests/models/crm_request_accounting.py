from odoo import fields, models
from odoo.fields import Command

DISPUTES = [
    ('amount', "Amount"),
    ('price', "Price"),
    ('quantity', "Quantity"),
    ('delivery', "Delivery"),
    ('tax', "Tax"),
    ('duplicate', "Billed Twice"),
    ('payment', "Payment Not Seen"),
    ('other', "Other"),
]


class CrmRequest(models.Model):
    """An accounting request: what is wrong with one document, and how it is to be put right."""

    _inherit = 'crm.request'

    dispute = fields.Selection(DISPUTES, "Disputed", tracking=True)
    dispute_currency_id = fields.Many2one('res.currency', compute='_compute_dispute_currency_id')
    disputed_amount = fields.Monetary(
        currency_field='dispute_currency_id',
        help="How much of the document is in question, with taxes.")
    correction_amount = fields.Monetary(
        "Proposed Credit", currency_field='dispute_currency_id', tracking=True,
        help="What the customer would get back, with taxes. Empty: the lines of the bill.")
    correction_text = fields.Text(
        "Proposed Correction",
        help="How the document should read, for what is no matter of an amount.")

    _dispute_amounts = models.Constraint(
        'CHECK (disputed_amount >= 0 AND correction_amount >= 0)',
        "Amounts in dispute cannot be below zero.")

    def _compute_dispute_currency_id(self):
        for request in self:
            request.dispute_currency_id = (
                request.origin_currency_id or request.company_id.currency_id)

    def _conversion_target(self):
        target = super()._conversion_target()
        if target == 'none' and self.kind == 'accounting' and self._disputed_bills():
            return 'credit_note'
        return target

    def _convert_lines(self):
        bills = self._disputed_bills()
        if self.kind == 'accounting' and self.correction_amount and len(bills) == 1:
            return self._difference_lines(bills, self.correction_amount)
        return super()._convert_lines()

    def _difference_lines(self, bill, amount):
        """Return lines that credit an amount of a bill, spread over its accounts and taxes.

        :param bill: a posted bill
        :param float amount: what is credited with taxes, in the currency of the bill
        :return: values of ``crm.request.convert.line``
        :rtype: list[dict]
        """
        # sudo: account.move - on which account it goes is the bill's, not the user's choice
        base_lines, _tax_lines = bill.sudo()._get_rounded_base_and_tax_lines()
        taxes = self.env['account.tax']
        labels = dict(self._fields['dispute']._description_selection(self.env))
        text = self.env._("Correction of %(bill)s", bill=bill.name)
        return [{
            'bill_id': bill.id,
            'account_id': line['account_id'].id,
            'name': f'{text}: {labels[self.dispute]}' if self.dispute else text,
            'price_unit': line['price_unit'],
            'tax_ids': [Command.set(line['tax_ids'].ids)],
            'extra_tax_data': taxes._export_base_line_extra_tax_data(line),
        } for line in taxes._prepare_down_payment_lines(
            base_lines, bill.company_id, 'fixed', amount, computation_key=f'request,{self.id}',
            grouping_function=lambda line: {'account_id': line['account_id']})]
