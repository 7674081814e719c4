from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# So many people are told at a time.
BATCH = 50


class CrmSharedDocument(models.Model):
    """Those for whom a document is are told by mail, if wanted: each of them once."""

    _inherit = 'crm.shared.document'

    tell_by_mail = fields.Boolean(
        groups='base.group_user', copy=False,
        help="The recipients get a mail when the document is published, in working hours.")
    mail_pending = fields.Boolean("Mails to Send", readonly=True, copy=False)

    _mail_pending_idx = models.Index("(id) WHERE mail_pending")

    def action_tell(self):
        """Have all those told by mail who were not told yet.

        :raise UserError: if customers do not see the document
        """
        hidden = self.filtered(lambda document: document.state != 'published')
        if hidden:
            raise UserError(self.env._(
                "%(documents)s: publish it before you tell anybody.",
                documents=", ".join(hidden.mapped('name'))))
        self._tell_later()

    def _note_published(self):
        result = super()._note_published()
        self.filtered('tell_by_mail')._tell_later()
        return result

    def _tell_later(self):
        if self:
            self.mail_pending = True
            self.env.ref('crm_selfservice_portal.ir_cron_shared_document')._trigger()

    @api.model
    def _cron_tell(self):
        """Mail those for whom documents are, in working hours; scheduled."""
        cron, pending = self.env['ir.cron'], self.search(
            Domain('mail_pending', '=', True) & self._valid_domain())
        cron._commit_progress(remaining=len(pending))
        for document in pending.filtered(lambda document: document._may_tell_now()):
            while recipients := document._recipients(SQL("receipt.date_told IS NULL"), BATCH):
                document._tell(recipients)
                if not cron._commit_progress():
                    return
            document.mail_pending = False
            cron._commit_progress(1)

    def _may_tell_now(self):
        self.ensure_one()
        now = fields.Datetime.now()
        return (self.company_id or self.env.company)._next_work(now) <= now

    def _tell(self, partners):
        """Mail contacts, and note that they were told; who was told before is left alone.

        :param partners: `res.partner`
        """
        receipts = self.env['crm.shared.document.receipt']._note_told(self, partners)
        self.env.ref('crm_selfservice_portal.mail_template_shared_document').send_mail_batch(
            receipts.filtered('partner_id.email_normalized').ids,
            email_layout_xmlid='mail.mail_notification_light')
