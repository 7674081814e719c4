from odoo import fields, models


class AccountPayment(models.Model):
    """A payment may be what a customer has chosen in the portal."""

    _inherit = 'account.payment'

    choice_ids = fields.One2many(
        'crm.payment.choice', 'payment_id', "Chosen Payments", readonly=True)
