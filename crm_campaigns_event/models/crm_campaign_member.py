from odoo import api, fields, models


class CrmCampaignMember(models.Model):
    """Whether a member comes to the event of the campaign."""

    _inherit = 'crm.campaign.member'

    registration_state = fields.Selection(
        lambda self: self.env['event.registration']._fields['state']._description_selection(
            self.env), "Comes to the Event", compute='_compute_registration_state')

    @api.depends('touch_ids.registration_state')
    def _compute_registration_state(self):
        for member in self:
            invited = member.touch_ids.filtered('registration_state').sorted('id')[-1:]
            member.registration_state = invited.registration_state
