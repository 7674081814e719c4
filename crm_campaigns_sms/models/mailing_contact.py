from odoo import models


class MailingContact(models.Model):
    """Contacts who are reached by text message have a number."""

    _inherit = 'mailing.contact'

    def _prepare_prospect_line(self):
        return {**super()._prepare_prospect_line(), 'Mobile': self.mobile or ''}
