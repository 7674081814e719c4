import re

from odoo import fields, models
from odoo.tools.mail import email_normalize, email_split


class CrmRequestType(models.Model):
    """By what a type is recognised in the mails to an address that serves all types."""

    _inherit = 'crm.request.type'

    mail_addresses = fields.Char(
        "Further Addresses",
        help="Mails that were written to these are of the type, whichever address of ours they "
             "reach. Separated by commas.")
    mail_keywords = fields.Char(
        "Keywords",
        help="Words, or their beginnings, by which a mail to the general address is recognised: in "
             "its subject, or else in its text. Separated by commas.")

    def _has_address(self, addresses):
        """Tell whether one of some addresses is the type's.

        :param addresses: normalized addresses
        :type addresses: set[str]
        :rtype: bool
        """
        self.ensure_one()
        own = {email_normalize(email) for email in email_split(self.mail_addresses or '')}
        return not addresses.isdisjoint(own - {False})

    def _has_keyword(self, text):
        """Tell whether a text has a word that begins with one of the type's keywords.

        :param str text: plain text
        :rtype: bool
        """
        self.ensure_one()
        words = filter(None, map(str.strip, (self.mail_keywords or '').split(',')))
        pattern = '|'.join(re.escape(word) for word in words)
        return bool(pattern) and bool(re.search(rf'(?<!\w)(?:{pattern})', text, re.IGNORECASE))
