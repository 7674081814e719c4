from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# What is left open on the calendar for a call-back.
CALLBACK_DURATION = timedelta(minutes=15)
PENDING = 'crm_calls.callbacks'
# What decides whether, when and for whom a call-back stands in a calendar.
CALLBACK_FIELDS = {
    'callback_at', 'callback_personal', 'date_start', 'outcome_id', 'partner_id', 'res_id',
    'res_model', 'user_id',
}


class CrmCall(models.Model):
    """Call-backs stand in the calendar of who owes them, and with it in Outlook or Google.

    The calendar follows at the end of the transaction, once for all that changed in it. What is
    as it should be is not written again: so nothing goes round in circles when a meeting that was
    moved moves the call-back.
    """

    _inherit = 'crm.call'

    callback_event_id = fields.Many2one(
        'calendar.event', "Call-Back in the Calendar", readonly=True, copy=False,
        index='btree_not_null', ondelete='set null')

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        self._show_callbacks_later(calls)
        return calls

    def write(self, vals):
        result = super().write(vals)
        if CALLBACK_FIELDS & vals.keys():
            self._show_callbacks_later(self)
        return result

    def unlink(self):
        # sudo: calendar.event - the meeting belongs to the call-back, whoever deletes that
        self.sudo().callback_event_id.unlink()
        return super().unlink()

    @api.model
    def _show_callbacks_later(self, records):
        """Have the calendars follow some calls, or documents, at the end of the transaction.

        :param records: `crm.call` records, or documents with the queue mixin
        """
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = defaultdict(set)
            # sudo: crm.call - whoever changes a call, the calendar is that of who owes it
            precommit.add(self.browse().sudo()._show_pending_callbacks)
        precommit.data[PENDING][records._name].update(filter(None, records._ids))

    def _show_pending_callbacks(self):
        """Let the calendars follow all that changed in the transaction."""
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        calls = self._concerned_calls(pending)
        calls._write_callback_events(calls._open_callbacks())

    @api.model
    def _concerned_calls(self, pending):
        """Return the calls whose call-backs may have to come into a calendar, or to go.

        Those are the ones that changed, the ones before them about the same document or with the
        same customer, and the last ones about documents that changed.

        :param dict pending: sets of ids by the name of their model
        :rtype: crm.call
        """
        documents = {name: set(ids) for name, ids in pending.items() if name != self._name}
        calls = self.browse(pending.get(self._name, ())).exists()
        for name, about in calls.filtered('res_id').grouped('res_model').items():
            documents.setdefault(name, set()).update(about.mapped('res_id'))
        same = Domain('res_id', '=', False) & Domain(
            'partner_id', 'in', calls.filtered(lambda call: not call.res_id).partner_id.ids)
        for name, ids in documents.items():
            same |= Domain('res_model', '=', name) & Domain('res_id', 'in', ids)
            if 'last_call_id' in self.env[name]._fields:
                calls |= self.env[name].browse(ids).exists().last_call_id
        return calls | self.search(Domain('callback_event_id', '!=', False) & same)

    def _open_callbacks(self):
        """Return the calls whose call-back is owed by their caller, and wanted in his calendar.

        :rtype: crm.call
        """
        promised = self.filtered(
            lambda call: call.outcome_kind == 'callback' and call.callback_personal
            and call.user_id.active and call.user_id.callback_in_calendar)
        result = self.browse()
        for name, calls in promised.filtered('res_id').grouped('res_model').items():
            if 'last_call_id' not in self.env[name]._fields:
                result |= calls._last_about(name)
                continue
            documents = self.env[name].browse(calls.mapped('res_id')).exists()
            result |= calls & documents.filtered(
                lambda document: document.call_state == 'callback').last_call_id
        plain = promised.filtered(lambda call: not call.res_id)
        last = dict(self._read_group(
            [('partner_id', 'in', plain.partner_id.ids), ('res_id', '=', False),
             ('outcome_id', '!=', False)],
            ['partner_id'], ['date_start:max']))
        return result | plain.filtered(
            lambda call: call.date_start >= last.get(call.partner_id, call.date_start))

    def _last_about(self, name):
        """Return those of the calls after which nobody has called about the same document.

        :param str name: a model without a queue
        """
        last = dict(self._read_group(
            [('res_model', '=', name), ('res_id', 'in', self.mapped('res_id')),
             ('outcome_id', '!=', False)],
            ['res_id'], ['date_start:max']))
        return self.filtered(
            lambda call: call.date_start >= last.get(call.res_id, call.date_start))

    def _write_callback_events(self, owed):
        """Make, move and remove the meetings of these calls, so that those of `owed` have one.

        Nobody is invited, and nothing is sent.
        """
        kept = owed.filtered(lambda call: call.callback_event_id.user_id == call.user_id)
        (self - kept).callback_event_id.unlink()
        moved = kept.filtered(lambda call: call.callback_event_id.start != call.callback_at)
        for (owner, start), calls in moved.grouped(
            lambda call: (call.user_id, call.callback_at)
        ).items():
            calls._calendar_of(owner).browse(calls.callback_event_id.ids).write(
                {'start': start, 'stop': start + CALLBACK_DURATION})
        new = (owed - kept).filtered(lambda call: call.callback_at > fields.Datetime.now())
        for owner, calls in new.grouped('user_id').items():
            events = calls._calendar_of(owner).create([
                call.with_context(lang=owner.lang)._prepare_callback_event() for call in calls])
            for call, event in zip(calls, events, strict=True):
                call.callback_event_id = event.id

    @api.model
    def _calendar_of(self, owner):
        """Return the meetings as their owner writes them, without mails or notes about it."""
        # sudo: calendar.event - a call-back may be written by others than who owes it
        return self.env['calendar.event'].with_user(owner).sudo().with_context(
            lang=owner.lang, no_mail_to_attendees=True, skip_contact_description=True,
            mail_create_nolog=True, tracking_disable=True)

    def _prepare_callback_event(self):
        """Return the values of the meeting of a call-back."""
        self.ensure_one()
        about = self.document_ref.display_name if self.document_ref else ''
        who = self.partner_id.display_name or self.phone or self.env._("Unknown")
        return {
            'name': self.env._("Call back: %(who)s (%(about)s)", who=who, about=about)
            if about else self.env._("Call back: %s", who),
            'start': self.callback_at,
            'stop': self.callback_at + CALLBACK_DURATION,
            'location': self.phone,
            'description': self.note,
            'user_id': self.user_id.id,
            'partner_ids': self.user_id.partner_id.ids,
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'res_id': self.id,
        }
