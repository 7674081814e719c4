from functools import partial

from odoo import fields, models

from odoo.addons.crm_service_requests import web_values

# How long a visit may be wished to take, in hours, and how many times are proposed.
MOST_HOURS, PROPOSED = 40, 8
PLACE_SIZE = 200


class CrmRequestType(models.Model):
    """A visit: the customer says when, where and how long, or takes a time that is free."""

    _inherit = 'crm.request.type'

    def _web_details(self, form, zone):
        details = super()._web_details(form, zone)
        if self.kind != 'service':
            return details
        values, _errors = self._read_visit(form, zone)
        wanted = {name: values[name] for name in ('service_from', 'service_to', 'service_hours')}
        return {**details, 'visit_slots': self._visit_slots(wanted), 'visit_zone': zone.zone}

    def _read_web_details(self, form, zone):
        values, errors = super()._read_web_details(form, zone)
        if self.kind != 'service':
            return values, errors
        visit, wrong = self._read_visit(form, zone)
        return {**values, **visit}, {**errors, **wrong}

    def _read_visit(self, form, zone):
        """Return what is wished, and what is wrong with it.

        :rtype: tuple[dict, dict[str, str]]
        """
        _, errors = self.env._, {}
        moment = partial(web_values.moment, zone=zone)
        values = {
            name: self._read_web_value(form, name, label, reader, errors)
            for name, label, reader in (
                ('service_from', _("Wanted from"), moment),
                ('service_to', _("Wanted until"), moment),
                ('service_hours', _("Hours"), web_values.number),
                ('service_place', _("Place"), partial(web_values.line, size=PLACE_SIZE)))}
        values['service_hours'] = 1.0 if values['service_hours'] is None else values[
            'service_hours']
        if not 0 < values['service_hours'] <= MOST_HOURS:
            errors['service_hours'] = _(
                "Hours: please write a number up to %(most)s.", most=MOST_HOURS)
            values['service_hours'] = 1.0
        self._check_visit_time(values, errors)
        self._read_visit_slot(form, values, errors)
        return {name: value for name, value in values.items()
                if value or name != 'service_place'}, errors

    def _check_visit_time(self, values, errors):
        """Refuse a wish that is over before it begins, or has passed."""
        begin, end = values['service_from'], values['service_to']
        if end and end <= (begin or fields.Datetime.to_string(fields.Datetime.now())):
            errors['service_to'] = self.env._("Wanted until: please choose a later time.")
            values['service_to'] = None

    def _read_visit_slot(self, form, values, errors):
        """Take a time that was proposed, as long as it is free."""
        given = form.get('visit_slot', '')
        if not given:
            return
        wanted = {name: values[name] for name in ('service_from', 'service_to', 'service_hours')}
        slot = self._visit_slots(wanted).get(given)
        if slot:
            values['service_from'], values['service_to'] = slot
        else:
            errors['visit_slot'] = self.env._(
                "This time is not free any more. Please choose another one.")

    def _visit_slots(self, wanted):
        """Return when somebody could come, by the beginning as text.

        :param dict wanted: from when, until when and how long
        :rtype: dict[str, tuple[datetime, datetime]]
        """
        found = {}
        for start, stop, _users in self._web_request(wanted)._free_slots():
            found.setdefault(fields.Datetime.to_string(start), (start, stop))
        return dict(list(found.items())[:PROPOSED])
