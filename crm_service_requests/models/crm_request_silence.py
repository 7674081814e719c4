from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

# Requests that are warned or closed between two commits.
BATCH = 20


class CrmRequest(models.Model):
    """Who does not answer while it is his turn is warned, and then his request is closed."""

    _inherit = 'crm.request'

    silent_since = fields.Datetime(
        compute='_compute_silent_since', store=True, copy=False,
        help="Since when the customer might have written, and has not.")
    silence_warned_at = fields.Datetime(
        "Warned of the Closing", readonly=True, copy=False)

    _silent_idx = models.Index(
        "(type_id, company_id, silent_since) WHERE silent_since IS NOT NULL")

    @api.depends('state', 'assigned_partner_id', 'date_last_answer')
    def _compute_silent_since(self):
        now = fields.Datetime.now()
        for request in self:
            request.silent_since = now if request._is_up_to_customer() else False

    def _is_up_to_customer(self):
        """Return whether nothing is left to do unless the customer says something.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == 'solved' or (
            self.state == 'waiting' and not self.assigned_partner_id)

    def _was_warned(self):
        """Return whether the customer was warned since he fell silent.

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.silence_warned_at) and self.silence_warned_at >= self.silent_since

    def _silence_end(self):
        """Return when the request is closed if the customer, who is warned now, says nothing.

        :return: naive, in UTC
        :rtype: datetime
        """
        self.ensure_one()
        company = self.company_id
        return company._next_work(company._count_working_days(
            self.type_id.close_warning_days, fields.Datetime.now()))

    def _warn_of_closing(self):
        """Tell the customers by mail that their requests will be closed."""
        template = self.env.ref('crm_service_requests.mail_template_request_silence')
        self.silence_warned_at = fields.Datetime.now()
        template.send_mail_batch(
            self._mailable().ids, email_layout_xmlid='mail.mail_notification_light')

    def _close_for_silence(self):
        """Close the requests about which nothing was heard."""
        unanswered = self.env.ref('crm_service_requests.crm_request_resolution_no_answer')
        for state, requests in self.grouped('state').items():
            values = {'state': 'closed', 'closed_by': 'silence'}
            if state == 'waiting':
                values['resolution_id'] = unanswered.id
            requests._message_log_batch({
                request.id: self.env._(
                    "Closed, since nothing was heard of the customer for %(days)s working days.",
                    days=request.type_id.close_days) for request in requests})
            requests.write(values)

    @api.model
    def _cron_end_silence(self):
        """Warn silent customers and close their requests, in working hours; scheduled."""
        warn, close = self._silent_for_long(fields.Datetime.now())
        since = {request.id: request.silent_since for request in warn | close}
        cron = self.env['ir.cron']
        cron._commit_progress(remaining=len(since))
        for ids in split_every(BATCH, since):
            # Who has said something meanwhile is left alone.
            batch = self.browse(ids).try_lock_for_update().filtered(
                lambda request: request.silent_since == since[request.id])
            (batch & warn)._warn_of_closing()
            (batch & close)._close_for_silence()
            if not cron._commit_progress(len(ids)):
                break

    @api.model
    def _silent_for_long(self, now):
        """Return on which requests a warning is due, and which are to be closed.

        :param datetime now: naive, in UTC
        :rtype: tuple[crm.request, crm.request]
        """
        warn = close = self.browse()
        silent = Domain('silent_since', '!=', False) & Domain('type_id.close_days', '>', 0)
        for kind, company in self._read_group(silent, ['type_id', 'company_id']):
            if company._next_work(now) > now:
                continue
            due = silent & Domain('type_id', '=', kind.id) & Domain('company_id', '=', company.id)
            first = kind.close_days - kind.close_warning_days
            found = self.search(due & Domain(
                'silent_since', '<=', company._count_working_days(-first, now)))
            warned = found.filtered(lambda request: request._was_warned())
            if kind.close_warning_days:
                warn |= found - warned
                found = warned
            over = company._count_working_days(-kind.close_days, now)
            told = company._count_working_days(-kind.close_warning_days, now)
            close |= found.filtered(lambda request, over=over, told=told: (
                request.silent_since <= over
                and (not request._was_warned() or request.silence_warned_at <= told)))
        return warn, close
