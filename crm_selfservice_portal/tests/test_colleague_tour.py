from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestColleagueTour(SelfServiceCommon, HttpCase):

    def test_administrator_invites_a_colleague_and_sets_his_rights(self):
        rights = self.env['crm.representative.right']
        rights.search([('partner_id', '=', self.ann.partner_id.id)]).role = 'administrator'
        self.start_tour('/my/colleagues', 'crm_selfservice_portal.colleague', login='ann')
        right = rights.search([('partner_id.email', '=', 'cora@example.com')])
        self.assertEqual(right._names(), {'buy', 'pay', 'request', 'view'})
        self.assertEqual((right.scope, right.access_state), ('company', 'invited'))
