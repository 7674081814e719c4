import base64
import logging
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.api import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mail import decode_message_header, email_split

from odoo.addons.crm_roles.notification import RELOAD, notify

from .inbound_mail import headers_of, message_id
from .mail_thread import CONFLICTS, MailKeptAside

_logger = logging.getLogger(__name__)

REASONS = [
    ('error', "Could Not Be Handled"),
    ('conflict', "Met Other Work"),
    ('address', "No Address of Ours"),
    ('loop', "Too Many from One Sender"),
    ('auto_reply', "Automatic Reply to Nothing"),
]
# Minutes until it is tried again, after each time that failed; then only by hand.
PAUSES = [5, 30, 2 * 60, 12 * 60, 24 * 60]
BATCH = 20
KEPT_DAYS = 90


class CrmMailQuarantine(models.Model):
    """A mail that came in and could not be handled: the original, why, and what to do."""

    _name = 'crm.mail.quarantine'
    _description = "Mail in Quarantine"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'date_received DESC, id DESC'

    name = fields.Char("Subject", readonly=True)
    state = fields.Selection(
        [('waiting', "Waiting"), ('handled', "Handled"), ('discarded', "Discarded")],
        "Status", default='waiting', required=True, readonly=True)
    reason = fields.Selection(REASONS, default='error', required=True, readonly=True)
    error = fields.Text("What Happened", readonly=True)
    email_from = fields.Char("From", readonly=True)
    email_to = fields.Char("To", readonly=True)
    message_id = fields.Char("Message-Id", readonly=True)
    date_received = fields.Datetime(
        "Received", default=fields.Datetime.now, required=True, readonly=True)
    tries = fields.Integer(default=1, readonly=True)
    next_try = fields.Datetime(readonly=True, help="When it is tried again by itself.")
    original = fields.Binary(attachment=True, readonly=True)
    original_name = fields.Char(compute='_compute_original_name')
    size = fields.Integer("Size (KB)", readonly=True)
    options = fields.Json(readonly=True, help="How the gateway was asked to handle it.")
    model_name = fields.Char(
        "Kind of Document", readonly=True, help="What the address written to makes of a mail.")
    discard_reason = fields.Char("Discarded because", readonly=True)
    user_id = fields.Many2one('res.users', "Decided by", readonly=True)

    _due_idx = models.Index("(next_try) WHERE state = 'waiting' AND next_try IS NOT NULL")
    _waiting_idx = models.Index("(date_received) WHERE state = 'waiting'")

    def _compute_original_name(self):
        for mail in self:
            mail.original_name = f'mail-{mail.id}.eml'

    @api.model
    def _keep(self, source, options, error):
        """Keep a mail, and tell the supervisors of it.

        :param bytes source: the mail
        :param dict options: how :meth:`mail.thread.message_process` was called, but the mail
        :param Exception error: why it was not handled
        :rtype: crm.mail.quarantine
        """
        # sudo: crm.mail.receipt - it is here, so what is delivered again is dropped
        self.env['crm.mail.receipt'].sudo()._take(message_id(source))
        mail = self.create({
            **self._source_values(source), **self._error_values(error),
            'options': options, 'next_try': self._next_try(1),
        })
        if mail.reason == 'auto_reply':
            mail.write({
                'state': 'discarded', 'next_try': False,
                'discard_reason': self.env._("A machine wrote it, about nothing known.")})
        self._remind_supervisors()
        return mail

    @api.model
    def _source_values(self, source):
        message = headers_of(source)
        recipients = ', '.join(filter(None, (
            decode_message_header(message, name, separator=', ')
            for name in ('Delivered-To', 'To', 'Cc'))))
        aliases = self.env['mail.alias'].search(
            [('alias_full_name', 'in', [email.lower() for email in email_split(recipients)])])
        return {
            'name': self._clean(message.get('Subject')),
            'email_from': self._clean(message.get('From')),
            'email_to': self._clean(recipients),
            'message_id': self._clean(message_id(source)),
            'original': base64.b64encode(source),
            'size': len(source) // 1024,
            'model_name': aliases[:1].alias_model_id.model,
        }

    @api.model
    def _clean(self, text):
        """Return what the database can hold of a header."""
        text = str(text or '').encode('utf-8', 'replace').decode()
        return text.replace('\0', '')[:500]

    @api.model
    def _error_values(self, error):
        if isinstance(error, MailKeptAside):
            return {'reason': error.reason, 'error': self._clean_text(str(error))}
        lines = traceback.format_exception_only(error)
        lines += ['\n', *traceback.format_tb(error.__traceback__)[-5:]]
        return {
            'reason': 'conflict' if isinstance(error, CONFLICTS) else 'error',
            'error': self._clean_text(''.join(lines))}

    @api.model
    def _clean_text(self, text):
        return text.encode('utf-8', 'replace').decode().replace('\0', '')

    @api.model
    def _next_try(self, tries):
        """Return when a mail is tried again that was tried so often; False: only by hand."""
        if tries > len(PAUSES):
            return False
        return fields.Datetime.now() + timedelta(minutes=PAUSES[tries - 1])

    @api.model
    def _supervised_domain(self):
        """Return the mails that concern no other department.

        :rtype: Domain
        """
        return Domain('model_name', 'in', [False, 'crm.request'])

    @api.model
    def _waiting_domain(self):
        """Return the mails with which somebody has to do something.

        :rtype: Domain
        """
        return Domain('state', '=', 'waiting')

    def action_retry(self):
        """Try the mails again.

        :return: what the user is told
        :rtype: dict
        """
        self.check_access('write')
        waiting = self.filtered_domain(self._waiting_domain())
        for mail in waiting:
            mail._retry()
        handled = waiting.filtered(lambda mail: mail.state == 'handled')
        handled.user_id = self.env.user
        self._remind_supervisors()
        return notify(
            self.env._(
                "%(handled)s of %(count)s mails were handled.",
                handled=len(handled), count=len(waiting)),
            RELOAD, kind='success' if handled == waiting else 'warning')

    def action_discard(self):
        """Open a window that asks why the mails are of no use."""
        return self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_mail_discard_action') | {
                'context': {'default_mail_ids': self.ids}}

    def _discard(self, reason):
        """Give up mails that are of no use.

        :param str reason: why
        :raise UserError: if a mail was handled meanwhile
        """
        for mail in self.filtered(lambda mail: mail.state == 'handled'):
            raise UserError(self.env._(
                "\"%(mail)s\" was handled meanwhile. Look for the request it became.",
                mail=mail.name))
        self.write({
            'state': 'discarded', 'discard_reason': reason, 'next_try': False,
            'user_id': self.env.uid})
        self._forget_activities()
        self._remind_supervisors()

    def _retry(self):
        """Try to handle one mail again, as when it came in."""
        self.ensure_one()
        self._lock_waiting()
        # sudo: mail.thread - the gateway works for everybody, whoever asks for it
        gateway_sudo = self.env['mail.thread'].with_user(SUPERUSER_ID).sudo()
        try:
            with self.env.cr.savepoint():
                gateway_sudo._handle_source(base64.b64decode(self.original), self.options)
                self.write({'state': 'handled', 'next_try': False, 'tries': self.tries + 1})
        except Exception as error:
            self._failed_again(error)
        else:
            self._forget_activities()

    def _failed_again(self, error):
        tries = self.tries + 1
        self.write({
            **self._error_values(error), 'tries': tries, 'next_try': self._next_try(tries)})

    def _lock_waiting(self):
        """Let nobody else try the mail at the same time."""
        self.lock_for_update()
        self.invalidate_recordset(['state'])
        if self.state != 'waiting':
            raise UserError(self.env._("\"%(mail)s\" was decided meanwhile.", mail=self.name))

    @api.model
    def _cron_retry(self):
        """Try again what is due, each in a transaction of its own."""
        due = self._waiting_domain() & Domain('next_try', '<=', 'now')
        mails = self.search(due, limit=BATCH, order='next_try, id')
        remaining = self.search_count(due)
        for mail in mails:
            # Each commit gives back the locks, and somebody may have decided meanwhile.
            if mail.try_lock_for_update().filtered_domain(due):
                mail._retry()
            remaining -= 1
            if not self.env['ir.cron']._commit_progress(1, remaining=remaining):
                return
        self._remind_supervisors()

    @api.autovacuum
    def _gc_decided(self):
        self.search(
            ~self._waiting_domain() & Domain('date_received', '<', f'now -{KEPT_DAYS}d')).unlink()

    # Who is told

    @api.model
    def _remind_supervisors(self):
        """Let each supervisor have one activity as long as a mail waits."""
        try:
            with self.env.cr.savepoint():
                self._schedule_reminders()
        except Exception:
            # That the mail is kept matters more.
            _logger.exception("The supervisors could not be told of a mail in quarantine.")

    @api.model
    def _schedule_reminders(self):
        # sudo: crm.mail.quarantine - whoever's mail is kept, the supervisors are told of it
        oldest_sudo = self.sudo().search(
            self._waiting_domain() & self._supervised_domain(), order='date_received, id', limit=1)
        if not oldest_sudo:
            return
        supervisors = oldest_sudo.env.ref('crm_roles.group_service_supervisor').all_user_ids
        told = oldest_sudo.env['mail.activity'].search([
            ('res_model', '=', self._name), ('user_id', 'in', supervisors.ids)]).user_id
        for supervisor in supervisors.filtered('active') - told:
            oldest_sudo.activity_schedule(
                'mail.mail_activity_data_warning', user_id=supervisor.id,
                summary=self.env._("Mail in quarantine"))

    def _forget_activities(self):
        # sudo: mail.activity - what was to be done is done for all supervisors
        self.sudo().activity_ids.unlink()
