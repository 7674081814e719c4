from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATES = {
    'registered': ['open', 'done'],
    'attended': ['done'],
    'missed': ['open'],
    'cancelled': ['cancel'],
}


class CrmAudienceCriterion(models.Model):
    """Customers chosen by the events to which they came."""

    _inherit = 'crm.audience.criterion'

    source = fields.Selection(
        selection_add=[('event', "Events"), ('customer',)], ondelete={'event': 'cascade'})
    event_said = fields.Selection(
        [
            ('attended', "Was a guest"),
            ('registered', "Registered as a guest"),
            ('missed', "Registered, but was no guest"),
            ('cancelled', "Cancelled as a guest"),
        ], "Came or Not", default='attended', required=True)
    event_ids = fields.Many2many(
        'event.event', string="Events", context={'active_test': False})
    event_tag_ids = fields.Many2many('event.tag', string="Event Tags")

    @api.model
    def _yes_or_no_sources(self):
        return [*super()._yes_or_no_sources(), 'event']

    @api.model
    def _rule_fields(self):
        return [*super()._rule_fields(), 'event_said', 'event_ids', 'event_tag_ids']

    def _refusal(self):
        if self.source == 'event' and not self.env['event.registration'].has_access('read'):
            return self.env._("who came to events is for who plans campaigns.")
        return super()._refusal()

    def _event_query(self):
        """Return the query of the customers whose people came to the events.

        :rtype: SQL
        """
        query = self.env['event.registration']._search(self._event_domain())
        partner = query.join(query.table, 'partner_id', 'res_partner', 'id', 'partner_id')
        return query.select(SQL.identifier(partner, 'commercial_partner_id'))

    def _event_domain(self):
        domain = Domain('state', 'in', STATES[self.event_said]) & Domain('partner_id', '!=', False)
        if self.event_said == 'missed':
            domain &= Domain('event_id.date_end', '<', 'now')
        events = Domain('event_id', 'in', self.event_ids.ids)
        if self.event_tag_ids:
            events |= Domain('event_id.tag_ids', 'in', self.event_tag_ids.ids)
        return domain & events if self.event_ids or self.event_tag_ids else domain

    def _subject(self):
        return self._label('event_said') if self.source == 'event' else super()._subject()

    def _filter_text(self):
        if self.source != 'event':
            return super()._filter_text()
        names = ", ".join([*self.event_ids.mapped('name'), *self.event_tag_ids.mapped('name')])
        return self.env._("at %(events)s", events=names or self.env._("any event"))
