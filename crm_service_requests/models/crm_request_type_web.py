from ast import literal_eval
from functools import partial

import pytz

from odoo import api, models
from odoo.fields import Domain

from .. import web_values

# What of a type's own fields a form of the website asks for; the others are for colleagues.
READERS = {
    'char': web_values.line,
    'text': web_values.text,
    'integer': web_values.integer,
    'float': web_values.number,
    'date': web_values.date,
}
WEB_TYPES = {*READERS, 'boolean', 'datetime', 'selection', 'tags', 'many2one', 'separator'}
MAX_CHOICES = 100


class CrmRequestType(models.Model):
    """What customers are offered on the website, and what they are asked there."""

    _inherit = 'crm.request.type'

    @api.model
    def _offered(self):
        """Return the types that customers may choose, whoever asks.

        :rtype: crm.request.type
        """
        # sudo: crm.request.type - strangers choose among what is offered, and see no other
        return self.sudo().search([
            ('portal_visible', '=', True), ('company_id', 'in', [False, self.env.company.id])])

    def _web_fields(self):
        """Return which of the type's own fields a form asks for.

        :return: definitions of properties, those to choose from with ``choices``: the values
            that are offered, with their names
        :rtype: list[dict]
        """
        self.ensure_one()
        definitions = [
            {**definition, 'choices': self._web_choices(definition)}
            for definition in self._told_definitions(self.properties_definition or [])
            if definition.get('type') in WEB_TYPES]
        return [
            definition for definition in definitions
            if definition['choices'] or definition['type'] not in (
                'selection', 'tags', 'many2one')]

    def _web_choices(self, definition):
        """Return what may be chosen for a field, as the text a form sends and what is shown.

        :rtype: dict[str, str]
        """
        if definition['type'] in ('selection', 'tags'):
            options = definition.get(definition['type']) or []
            return {option[0]: option[1] for option in options}
        if definition['type'] == 'many2one' and not self.env.user._is_public():
            return self._web_records(definition)
        return {}

    def _web_records(self, definition):
        """Return the records one may choose, out of those the user reads by his own rights."""
        model = self.env.get(definition.get('comodel'))
        if model is None or not model.sudo(False).has_access('read'):
            return {}
        try:
            domain = Domain(literal_eval(definition.get('domain') or '[]'))
        except (ValueError, SyntaxError):
            return {}
        return {
            str(record_id): name
            for record_id, name in model.sudo(False).name_search(
                '', domain, limit=MAX_CHOICES)}

    def _read_web_fields(self, form, timezone=''):
        """Read the type's own fields out of what was sent with a form.

        :param form: what was sent, by ``property_`` and the name of the field
        :type form: werkzeug.datastructures.MultiDict
        :param str timezone: where the moments are meant, if not in the zone of the user
        :return: the values, and for those that cannot be read what is wrong
        :rtype: tuple[dict, dict[str, str]]
        """
        values, errors = {}, {}
        for definition in self._web_fields():
            name = definition['name']
            given = form.getlist(f'property_{name}')
            try:
                value = self._read_web_field(definition, given, timezone)
            except web_values.Unreadable as error:
                errors[f'property_{name}'] = self._web_complaint(
                    str(error), definition.get('string') or name)
            else:
                if value is not None:
                    values[name] = value
        return values, errors

    def _read_web_field(self, definition, given, timezone):
        """Return the value of one field, none if nothing was sent for it."""
        kind, choices = definition['type'], definition['choices']
        if kind == 'separator':
            return None
        if kind == 'boolean':
            return bool(given)
        given = [text for text in given if text.strip()]
        if not given:
            return None
        if kind in ('selection', 'tags', 'many2one'):
            if not set(given) <= choices.keys():
                raise web_values.Unreadable('no_choice')
            if kind == 'tags':
                return list(dict.fromkeys(given))
            return int(given[0]) if kind == 'many2one' else given[0]
        zone = pytz.timezone(timezone) if timezone else self.env.tz
        readers = {**READERS, 'datetime': partial(web_values.moment, zone=zone)}
        return readers[kind](given[0])

    @api.model
    def _web_complaint(self, reason, label):
        """Return in words why a field of a form cannot be read.

        :param str reason: `too_long`, `not_a_number`, `not_a_date`, `no_choice`, `missing`
        :param str label: what the field is called
        :rtype: str
        """
        return {
            'too_long': self.env._("%(field)s: please shorten this text.", field=label),
            'not_a_number': self.env._("%(field)s: please write a number.", field=label),
            'not_a_date': self.env._("%(field)s: please choose a date.", field=label),
            'no_choice': self.env._("%(field)s: please choose one of the list.", field=label),
            'missing': self.env._("%(field)s: please fill this in.", field=label),
        }[reason]
