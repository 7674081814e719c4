import hashlib

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A mailbox that gives out a mail again does so within days.
KEPT_DAYS = 180


class CrmMailReceipt(models.Model):
    """Which mails came in: a mail that is delivered twice is handled once."""

    _name = 'crm.mail.receipt'
    _description = "Mail Received"
    _log_access = False
    _rec_name = 'digest'
    _order = 'date_received DESC, id DESC'

    digest = fields.Char(required=True, readonly=True, help="What is known of the Message-Id.")
    date_received = fields.Datetime(required=True, readonly=True, index=True)

    _digest_uniq = models.UniqueIndex("(digest)", "A mail is received once.")

    @api.model
    def _take(self, message_id):
        """Note that a mail is here; two processes with the same mail wait for each other.

        :param str message_id: the identifier of the mail
        :return: whether it is here for the first time
        :rtype: bool
        """
        return bool(self.env.execute_query(SQL(
            "INSERT INTO crm_mail_receipt (digest, date_received) VALUES (%s, %s)"
            " ON CONFLICT DO NOTHING RETURNING id",
            hashlib.sha256(message_id.encode(errors='replace')).hexdigest(),
            fields.Datetime.now())))

    @api.autovacuum
    def _gc_receipts(self):
        self.search(Domain('date_received', '<', f'now -{KEPT_DAYS}d')).unlink()
