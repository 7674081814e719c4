from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .prospect_common import ProspectCommon


@tagged('post_install', '-at_install')
class TestProspectTour(ProspectCommon, HttpCase):

    def test_marketer_makes_members_of_a_list(self):
        marketer = self.roles['marketing_manager']
        audience = self.env['crm.audience'].create({'name': "Birch", 'criterion_ids': [
            Command.create({
                'source': 'customer', 'partner_domain': str([('id', 'in', self.birch.ids)])})]})
        campaign = self.env['utm.campaign'].with_user(marketer).create(
            {'title': "Autumn fair", 'audience_id': audience.id})
        campaign.action_start()
        self.start_tour('/odoo/prospect-imports/new', 'crm_prospect', login=marketer.login)
        self.assertEqual(
            set(campaign.member_ids.partner_id.mapped('name')),
            {"Birch & Sons", "Acorn Boats", "Birch Works", "Acorn Joinery"})
        self.assertEqual(self.acorn.city, "Galway")
