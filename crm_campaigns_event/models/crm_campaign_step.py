from odoo import api, fields, models
from odoo.tools import SQL


class CrmCampaignStep(models.Model):
    """Each member is invited to an event, and says by a link of his own whether he comes."""

    _inherit = 'crm.campaign.step'

    channel = fields.Selection(
        selection_add=[('event', "Event")], ondelete={'event': 'cascade'})
    event_id = fields.Many2one(
        'event.event', index='btree_not_null', ondelete='restrict',
        help="Who is registered already is not invited.")

    @api.model
    def _message_channels(self):
        return [*super()._message_channels(), 'event']

    @api.depends(
        'event_id.active', 'event_id.date_end', 'event_id.is_multi_slots',
        'event_id.event_ticket_ids.end_sale_datetime')
    def _compute_problem(self):
        super()._compute_problem()

    def _problem(self):
        if self.channel != 'event':
            return super()._problem()
        # sudo: event.event - whether one can be invited to it, for whoever sees the step
        event_sudo = self.event_id.sudo()
        if not event_sudo.active or event_sudo.is_finished:
            return self.env._("There is no event yet: choose one that is still to come.")
        if event_sudo.is_multi_slots:
            return self.env._(
                "%(event)s has times to choose from, so nobody can register by a click. Take them "
                "out, or invite by a mail.", event=event_sudo.name)
        tickets_sudo = event_sudo.event_ticket_ids
        if tickets_sudo and all(tickets_sudo.mapped('is_expired')):
            return self.env._(
                "The tickets of %(event)s are not on sale any more: change how long they are, or "
                "add others.", event=event_sudo.name)
        return False

    def _channel_reasons(self):
        reasons = super()._channel_reasons()
        if self.channel != 'event':
            return reasons
        return [('registered', self._registered_condition()), *reasons]

    def _registered_condition(self):
        """Return when somebody of the customer `partner` is registered for the event.

        :rtype: SQL
        """
        return SQL(
            """
            EXISTS (SELECT FROM event_registration seat
                    JOIN res_partner guest ON guest.id = seat.partner_id
                    WHERE guest.commercial_partner_id = partner.id AND seat.event_id = %s
                      AND seat.active AND seat.state IN ('open', 'done'))
            """, self.event_id.id)
