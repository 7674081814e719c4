from odoo.tests import HttpCase, tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestAudienceTour(CampaignCommon, HttpCase):

    def test_marketer_makes_an_audience_and_asks_why(self):
        marketer = self.roles['marketing_manager']
        self.start_tour('/odoo/audiences/new', 'crm_audience', login=marketer.login)
        audience = self.env['crm.audience'].search([('name', '=', "Not Back since Spring")])
        self.assertEqual(audience.criterion_ids.days, 200)
        self.assertIn(self.acorn, audience._customers())
        self.assertNotIn(self.birch, audience._customers())
