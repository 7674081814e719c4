from odoo import api, fields, models


class CrmCampaignStep(models.Model):
    """How many members a step has reached, and how many were left out."""

    _inherit = 'crm.campaign.step'

    touch_count = fields.Integer("Reached", compute='_compute_touch_count')
    skipped_count = fields.Integer("Left Out", compute='_compute_touch_count')

    @api.depends('touch_ids.state')
    def _compute_touch_count(self):
        counts = {}
        for step, state, count in self.env['crm.campaign.touch']._read_group(
                [('step_id', 'in', self.ids)], ['step_id', 'state'], ['__count']):
            key = step.id, state == 'skipped'
            counts[key] = counts.get(key, 0) + count
        for step in self:
            step.touch_count = counts.get((step._origin.id, False), 0)
            step.skipped_count = counts.get((step._origin.id, True), 0)

    def action_touches(self):
        """Open whom the step has reached."""
        return self._touch_action('reached')

    def action_skipped(self):
        """Open who was left out, by reason."""
        return self._touch_action('skipped', search_default_group_by_skip_reason=1)

    def _touch_action(self, chosen, **context):
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_campaign_touch_action')
        return {
            **action, 'domain': [('step_id', 'in', self.ids)],
            'context': {'create': False, f'search_default_{chosen}': 1, **context}}
