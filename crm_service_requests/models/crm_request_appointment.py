from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

# What decides where and when who comes.
APPOINTMENT_FIELDS = {
    'service_start', 'service_stop', 'service_hours', 'technician_ids', 'service_place',
    'service_partner_id', 'partner_id'}


class CrmRequest(models.Model):
    """A confirmed visit stands in the calendars, and follows them as they follow it."""

    _inherit = 'crm.request'

    service_event_id = fields.Many2one(
        'calendar.event', "Visit in the Calendar", readonly=True, copy=False,
        index='btree_not_null', ondelete='set null')
    booking_ids = fields.One2many(
        'crm.request.booking', 'request_id', "Bookings", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        confirmed = self.filtered('service_confirmed')
        if vals.get('state') in ('solved', 'closed', 'cancelled'):
            now = fields.Datetime.now()
            confirmed.filtered(
                lambda request: request.service_start > now)._give_up_appointment()
        elif confirmed and APPOINTMENT_FIELDS & vals.keys():
            confirmed._keep_appointment()
        return result

    def unlink(self):
        self._give_up_appointment()
        return super().unlink()

    def _keep_appointment(self):
        """Let the bookings and the meetings of confirmed visits be as the requests say.

        :raise UserError: if a technician has no time
        """
        for request in self:
            if not request.service_start or not request.technician_ids:
                request._give_up_appointment()
                continue
            # sudo: calendar.event - the meeting belongs to the visit, whoever plans that
            event_sudo = request.sudo().service_event_id
            if not request._stands_at(event_sudo):
                request._check_service_conflict()
            request._book_technicians()
            values = request._prepare_event_values()
            if event_sudo:
                event_sudo.write(request._changed_event_values(event_sudo, values))
            else:
                request._make_event(values)

    def _stands_at(self, event):
        """Return whether a meeting is at the time of the visit, with its technicians."""
        return bool(event) and (event.start, event.stop) == (
            self.service_start, self.service_stop) and (
            self.technician_ids.partner_id <= event.partner_ids)

    def _check_service_conflict(self):
        """Refuse a time at which a technician is busy."""
        self.invalidate_recordset(['service_conflict'])
        if self.service_conflict:
            raise UserError(self.env._(
                "%(request)s: %(conflict)s Choose another time or somebody else.",
                request=self.display_name, conflict=self.service_conflict))

    def _book_technicians(self):
        """Take the time of the technicians; the database gives it to one visit only."""
        # sudo: crm.request.booking - follows the visit, whoever plans that
        bookings_sudo = self.sudo().booking_ids
        try:
            # To come second is no error of the database.
            with mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                bookings_sudo.unlink()
                bookings_sudo.create([
                    {'request_id': self.id, 'user_id': user.id, 'start': self.service_start,
                     'stop': self.service_stop} for user in self.technician_ids])
        except ExclusionViolation as error:
            raise UserError(self.env._(
                "%(request)s: the time was just given to another visit. Choose another one.",
                request=self.display_name)) from error

    def _make_event(self, values):
        """Make the meeting; Odoo invites the customer and the technicians to it."""
        # sudo: calendar.event, crm.request - made for all of them, whoever plans the visit
        request_sudo = self.sudo()
        request_sudo.service_event_id = request_sudo.env['calendar.event'].with_context(
            skip_contact_description=True).create({
                **values, 'user_id': (self.user_id or self.env.user).id})
        request_sudo.message_subscribe(self.technician_ids.partner_id.ids)

    def _prepare_event_values(self):
        """Return the values of the meeting of a visit."""
        self.ensure_one()
        # sudo: res.partner - who is invited, whether or not the user may read him
        partners_sudo = (self.technician_ids.sudo().partner_id | self.sudo().partner_id)
        return {
            'name': f'{self.name} ({self.number})',
            'start': self.service_start,
            'stop': self.service_stop,
            'location': self.service_place,
            'partner_ids': [Command.set(partners_sudo.ids)],
        }

    @api.model
    def _changed_event_values(self, event, values):
        """Return those of the values that differ: Odoo tells of each change in a mail."""
        times = {name: values.pop(name) for name in ('start', 'stop')}
        [[_command, _id, partner_ids]] = values.pop('partner_ids')
        changed = {name: value for name, value in values.items() if event[name] != value}
        if set(partner_ids) != set(event.partner_ids.ids):
            changed['partner_ids'] = [Command.set(partner_ids)]
        if any(event[name] != moment for name, moment in times.items()):
            changed |= times
        return changed

    def _give_up_appointment(self):
        """Take visits out of the calendars, and tell the customers of those to come."""
        for request in self.filtered('service_confirmed'):
            # sudo: crm.request - the appointment follows the request, whoever ends that
            request_sudo = request.sudo()
            event_sudo = request_sudo.service_event_id
            request_sudo.write({'service_confirmed': False, 'service_event_id': False})
            request_sudo.booking_ids.unlink()
            event_sudo.unlink()
            if request.service_start and request.service_start > fields.Datetime.now():
                request_sudo._tell_cancelled()

    def _tell_cancelled(self):
        """Tell the followers that nobody comes."""
        spoken = self.with_context(lang=self.partner_id.lang)
        self.message_post(
            body=spoken.env._(
                "The appointment on %(time)s is cancelled.", time=spoken._format_visit()),
            message_type='notification', subtype_xmlid='mail.mt_comment')

    def _follow_event(self):
        """Move the visit to where its meeting was moved to."""
        for request in self:
            event = request.service_event_id
            if not event.active:
                request._give_up_appointment()
            elif (event.start, event.stop) != (request.service_start, request.service_stop):
                request.write({'service_start': event.start, 'service_stop': event.stop})
