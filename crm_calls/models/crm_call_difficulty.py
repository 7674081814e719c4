from odoo import api, fields, models


class CrmCallDifficulty(models.Model):
    """What keeps a customer from paying."""

    _name = 'crm.call.difficulty'
    _description = "Payment Difficulty"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    advice = fields.Text(
        "What to Propose", translate=True, help="Shown to the caller as soon as he chooses it.")
    provider_words = fields.Char(
        help="Words of payment providers, separated by commas. When one of them is in the message "
             "about a failed payment, this difficulty is proposed.")
    after_failed_payment = fields.Boolean(
        "After Any Failed Payment",
        help="Proposed when a payment failed and the message fits no other difficulty.")

    @api.model
    def _propose(self, message):
        """Return the difficulty a message about a failed payment speaks of.

        :param str message: what the payment provider said
        :rtype: crm.call.difficulty
        """
        message = message.lower()
        known = self.search([('active', '=', True)])
        return (known.filtered(lambda difficulty: difficulty._fits(message))
                or known.filtered('after_failed_payment'))[:1]

    def _fits(self, message):
        words = (self.provider_words or '').lower().split(',')
        return any(word.strip() in message for word in words if word.strip())
