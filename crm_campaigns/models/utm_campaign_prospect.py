from odoo import fields, models

SEERS = 'crm_roles.group_marketing_manager,crm_roles.group_sales_manager'


class UtmCampaign(models.Model):
    """Who was imported for a campaign is in it, with or without an audience."""

    _inherit = 'utm.campaign'

    prospect_count = fields.Integer(
        "Prospects", compute='_compute_prospect_count', groups=SEERS)

    def _compute_prospect_count(self):
        counts = dict(self.env['crm.prospect.row']._read_group(
            [('campaign_id', 'in', self.ids), ('action', '!=', 'skip')],
            ['campaign_id'], ['__count']))
        for campaign in self:
            campaign.prospect_count = counts.get(campaign._origin, 0)

    def action_prospects(self):
        """Open who was imported for the campaign."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_prospect_row_action')
        return {**action, 'domain': [('campaign_id', '=', self.id)], 'context': {}}

    def _freeze_members(self):
        # sudo: crm.prospect.row - whoever starts the campaign, its prospects are in it
        prospects_sudo = self.env['crm.prospect.row'].sudo().search(
            [('campaign_id', '=', self.id), ('partner_id', '!=', False)])
        if prospects_sudo:
            self.env['crm.campaign.member']._freeze(
                self, prospects_sudo.partner_id.commercial_partner_id)
        if self.audience_id or not prospects_sudo:
            super()._freeze_members()
