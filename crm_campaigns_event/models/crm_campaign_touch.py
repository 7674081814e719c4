from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import consteq, hmac

PATH = '/campaigns/events'


class CrmCampaignTouch(models.Model):
    """The invitation to an event, and whether the customer came."""

    _inherit = 'crm.campaign.touch'

    channel = fields.Selection(
        selection_add=[('event', "Event")], ondelete={'event': 'set default'})
    skip_reason = fields.Selection(selection_add=[('registered', "Is registered already")])
    registration_id = fields.Many2one(
        'event.registration', readonly=True, index='btree_not_null', ondelete='set null')
    registration_state = fields.Selection(
        related='registration_id.state', string="Comes to the Event")

    def _mail_button(self):
        if self.channel != 'event':
            return super()._mail_button()
        return self.env._("Answer the Invitation"), (
            f'{self.get_base_url()}{PATH}/{self.id}/{self._invitation_token()}')

    def _invitation_token(self):
        # sudo: ir.config_parameter - the secret of the database signs the link
        return hmac(self.sudo().env, 'crm_campaigns_event', self.id)

    @api.model
    def _of_invitation(self, touch_id, token):
        """Return the invitation of a link, with the rights to answer it.

        :param int touch_id: which
        :param str token: what proves that it was sent to the visitor
        :return: none when the link is wrong
        :rtype: crm.campaign.touch
        """
        # sudo: crm.campaign.touch - the signature of the link decides
        touch_sudo = self.sudo().browse(touch_id).exists()
        known = touch_sudo.channel == 'event' and touch_sudo.step_id.event_id and consteq(
            touch_sudo._invitation_token(), token)
        return touch_sudo if known else touch_sudo.browse()

    def _is_open_invitation(self):
        """Return whether one can still register.

        :rtype: bool
        """
        event = self.step_id.event_id
        return event.active and event.event_registrations_open and (
            not event.event_ticket_ids or bool(self._invitation_tickets()))

    def _invitation_tickets(self):
        """Return the tickets the customer may choose from.

        :rtype: event.event.ticket
        """
        return self.step_id.event_id.event_ticket_ids.filtered(
            lambda ticket: ticket._is_for_invited())

    def _accept_invitation(self, name='', ticket_id=0):
        """Register the customer, once.

        :param str name: who comes, else the customer
        :param int ticket_id: which ticket he has chosen, where there are tickets
        :return: whether there was a seat for him
        :rtype: bool
        """
        event = self.step_id.event_id
        event._take_seat_turn()
        self.invalidate_recordset(['registration_id'])
        if self.registration_state in ('open', 'done'):
            return True
        ticket = self._invitation_tickets().filtered(lambda ticket: ticket.id == ticket_id)
        if not self._is_open_invitation() or event.event_ticket_ids and not ticket:
            return False
        try:
            with self.env.cr.savepoint():
                self.env['event.registration'].create(
                    self._prepare_registration_values(name, ticket))
        except ValidationError:
            # There are fewer seats than the tickets say.
            return False
        return True

    def _prepare_registration_values(self, name, ticket):
        return {
            'event_id': self.step_id.event_id.id,
            'event_ticket_id': ticket.id,
            'partner_id': self.partner_id.id,
            'name': name or self.partner_id.name,
            'utm_campaign_id': self.campaign_id.id,
        }

    def _decline_invitation(self):
        """Note that the customer does not come; his seat is free again."""
        self.registration_id.filtered(lambda seat: seat.state == 'open').action_cancel()
        self.member_id._set_declined()
