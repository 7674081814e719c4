from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestCampaignTour(CampaignCommon, HttpCase):

    def test_marketer_plans_and_starts_a_campaign(self):
        more = self.env['res.partner'].create([{'name': f"Joiner {place}"} for place in range(2)])
        customers = self.customers | more
        self.audiences.create({'name': "Not Back since Spring", 'criterion_ids': [Command.create({
            'source': 'customer', 'partner_domain': str([('id', 'in', customers.ids)])})]})
        marketer = self.roles['marketing_manager']
        self.start_tour('/odoo/campaigns/new', 'crm_campaign', login=marketer.login)
        campaign = self.env['utm.campaign'].search([('title', '=', "Spring Benches")])
        self.assertRecordValues(
            campaign, [{'state': 'running', 'member_count': 5, 'control_count': 2}])
        self.assertEqual(campaign.step_ids.channel, 'request')
