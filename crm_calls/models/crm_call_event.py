from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .telephony import EVENTS

# A caller who logs a call before the dialler tells about it is ahead by no more than this.
AHEAD_MINUTES = 15
# Long after the window in which a message is listened to at all.
KEEP_DAYS = 7
GC_ROWS = 10000


class CrmCallEvent(models.Model):
    """One event the dialler has told about, kept for a while so that it counts once.

    Events may come late, twice or in any order; so each only adds to its call what is not known
    better.
    """

    _name = 'crm.call.event'
    _description = "Event of the Dialler"
    _order = 'date_received DESC, id DESC'
    _rec_name = 'event_id'

    event_id = fields.Char("Number of the Event", required=True, readonly=True)
    event = fields.Selection(
        [(event, event.capitalize()) for event in EVENTS], "Kind", required=True, readonly=True)
    call_ref = fields.Char("Dialler's Call", required=True, readonly=True)
    is_first = fields.Boolean(readonly=True, help="The call was made from this event.")
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    date_received = fields.Datetime(required=True, readonly=True, index=True)
    call_id = fields.Many2one(
        'crm.call', readonly=True, index='btree_not_null', ondelete='set null')

    _event_uniq = models.UniqueIndex("(company_id, event_id)")
    # Of two events that would both make the call, one waits here for the other.
    _first_uniq = models.UniqueIndex("(company_id, call_ref) WHERE is_first")

    @api.model
    def _receive(self, event):
        """Create or complete the call an event is about.

        :param dict event: see `telephony.read_event`
        :return: the call, and what became of it: ``created``, ``updated``, or ``known`` when the
            event came before or the call was deleted
        :rtype: tuple[crm.call, str]
        :raise ValueError: when the event names a company that does not exist, or is about a call
            that is not known and does not say enough to begin one
        """
        company = self.env.company
        if 'company' in event:
            company = company.browse(event['company']).exists()
        if not company:
            raise ValueError("this company is not known")
        self = self.with_company(company)
        call = self.env['crm.call'].search(
            [('company_id', '=', company.id), ('dialler_ref', '=', event['call_id'])])
        if not call and 'direction' not in event:
            raise ValueError("this call is not known: say its direction")
        received = self._claim(event, not call)
        if not received:
            return call, 'known'
        user = self.env['res.users']._find_by_dialler_name(event.get('user', ''), company)
        if call:
            result = 'updated'
            known_user = call.user_id
            call.write(received._values_for(call, event, user))
        else:
            result = 'created'
            known_user = user.browse()
            call = received._make_call(event, user)
        received.call_id = call
        received._announce_unless(call, known_user)
        return call, result

    @api.model
    def _claim(self, event, is_first):
        """Keep an event, or return nothing when it is known.

        Who comes at the same moment waits for the other, and then begins anew and sees his work.
        """
        self.env.cr.execute(SQL(
            """
            INSERT INTO crm_call_event (event_id, event, call_ref, is_first, company_id,
                                        date_received, create_uid, write_uid, create_date,
                                        write_date)
            VALUES (%(event_id)s, %(event)s, %(call_ref)s, %(is_first)s, %(company)s,
                    %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            event_id=event['event_id'], event=event['event'], call_ref=event['call_id'],
            is_first=is_first, company=self.env.company.id, uid=self.env.uid,
            now=fields.Datetime.now(),
        ), log_exceptions=False)
        return self.browse([row_id for [row_id] in self.env.cr.fetchall()])

    def _make_call(self, event, user):
        """Make the call of its first event, or find the one its caller has logged already."""
        self.ensure_one()
        minutes = event.get('duration', 0.0) / 60
        start = event.get('start') or self.date_received - timedelta(minutes=minutes)
        values = {
            'dialler_ref': event['call_id'],
            'direction': event['direction'],
            'company_id': self.company_id.id,
            'date_start': start,
            'user_id': user.id,
        }
        values |= self._values_for(self.env['crm.call'].new(values, origin=None), event, user)
        logged = self._logged_call(values, minutes)
        if not logged:
            return self.env['crm.call'].create(values)
        # What the caller has said himself stays.
        measured = ('dialler_ref', 'duration', 'hangup', 'recording_url')
        logged.write({
            name: value for name, value in values.items() if name in measured or not logged[name]})
        return logged

    @api.model
    def _logged_call(self, values, minutes):
        """Return the call of `values` as its caller has logged it before the dialler told about it.

        :param dict values: the values of the call
        :param float minutes: how long it took
        """
        customer = self.env['res.partner'].browse(values.get('partner_id')).commercial_partner_id
        if not customer or not values['user_id']:
            return self.env['crm.call']
        start = values['date_start']
        return self.env['crm.call'].search(
            Domain('user_id', '=', values['user_id']) & Domain('dialler_ref', '=', False)
            & Domain('direction', '=', values['direction'])
            & Domain('company_id', '=', values['company_id'])
            & Domain('partner_id.commercial_partner_id', '=', customer.id)
            & Domain('date_start', '>=', start)
            & Domain('date_start', '<=', start + timedelta(minutes=minutes + AHEAD_MINUTES)),
            order='date_start, id', limit=1)

    def _values_for(self, call, event, user):
        """Return what an event adds to a call.

        :param call: the call as far as it is known, a `crm.call`
        :param dict event: see `telephony.read_event`
        :param user: who made or took the call, as far as the event says it
        :rtype: dict
        """
        self.ensure_one()
        values = {}
        if user and (not call.user_id or event['event'] == 'answered' and not call.outcome_id):
            values['user_id'] = user.id
        if number := not call.phone and event.get('phone'):
            values |= self._caller_values(call, number)
        if 'start' in event and event['start'] < call.date_start and not call.outcome_id:
            values['date_start'] = event['start']
        if 'duration' in event and event['event'] in ('ended', 'recorded'):
            values['duration'] = event['duration'] / 60
        if event['event'] == 'ended':
            talked = 'completed' if event.get('duration') else 'no_answer'
            values['hangup'] = event.get('hangup', talked)
        if 'recording_url' in event:
            values['recording_url'] = event['recording_url']
        return values

    def _caller_values(self, call, number):
        """Return the number of a call as people write it, and whose it is."""
        company = self.company_id
        partner = call.partner_id or self.env['res.partner']._find_by_phone(number, company)
        readable = self._phone_format_number(
            number, company.country_id, force_format='INTERNATIONAL')
        return {'phone': readable or number, 'partner_id': partner.id}

    def _announce_unless(self, call, user):
        """Announce a call that comes in to its user, unless it has been to this one."""
        self.ensure_one()
        rings = (
            self.event in ('started', 'answered') and call.direction == 'incoming'
            and not call.hangup and not call.outcome_id
        )
        if rings and call.user_id != user:
            call._announce()

    @api.autovacuum
    def _gc_events(self):
        old = self.search([('date_received', '<', f'now -{KEEP_DAYS}d')], limit=GC_ROWS)
        old.unlink()
        return len(old), len(old) == GC_ROWS
