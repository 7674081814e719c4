from odoo.tests import HttpCase, tagged

from .test_web_form import PROPERTIES, WebCase


@tagged('post_install', '-at_install')
class TestPortalTours(WebCase, HttpCase):

    def test_customer_asks_answers_closes_and_rates(self):
        self.types['service'].properties_definition = PROPERTIES
        self.start_tour('/my', 'crm_service_requests_portal', login='ann')
        made = self.requests.search([('partner_id', '=', self.ann.partner_id.id)])
        self.assertRecordValues(made, [{
            'type_id': self.types['service'].id, 'name': "The saw jams", 'channel': 'portal',
            'state': 'closed', 'closed_by': 'customer', 'rating_last_value': 5.0}])
        self.assertEqual(made._portal_attachments().mapped('name'), ["noise.txt"])
        self.assertEqual(made.rating_ids.feedback, "Quick and friendly")
