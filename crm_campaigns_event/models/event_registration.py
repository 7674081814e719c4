from odoo import api, fields, models
from odoo.fields import Domain


class EventRegistration(models.Model):
    """Who registers has answered the campaign that invited him, wherever he registers."""

    _inherit = 'event.registration'

    campaign_touch_ids = fields.One2many(
        'crm.campaign.touch', 'registration_id', "Campaign Touches")

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations._answer_invitations()
        return registrations

    def _answer_invitations(self):
        """Note in the campaigns that invited the guests that they come."""
        customers = self.partner_id.commercial_partner_id
        if not customers:
            return
        # sudo: crm.campaign.touch - whoever registers him, the campaign is answered
        touches_sudo = self.env['crm.campaign.touch'].sudo().search(
            Domain('partner_id', 'in', customers.ids) & Domain('state', '!=', 'skipped')
            & Domain('step_id.event_id', 'in', self.event_id.ids))
        seats = {
            (seat.event_id.id, seat.partner_id.commercial_partner_id.id): seat.id
            for seat in self}
        for touch_sudo in touches_sudo:
            key = touch_sudo.step_id.event_id.id, touch_sudo.partner_id.id
            if key in seats:
                touch_sudo.registration_id = seats[key]
                touch_sudo.member_id._set_responded(fields.Datetime.now())
