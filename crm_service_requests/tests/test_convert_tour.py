from odoo.tests import HttpCase, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestConvertTour(HttpCase, RequestCommon):

    def test_supervisor_makes_a_quotation_and_confirms_it(self):
        supervisor = self.roles['service_supervisor']
        supervisor.password = supervisor.login
        self.types['order'].product_id = self.product
        request = self._create_request(
            'order', name="New bench", origin_ref=f'sale.order,{self.order_acorn.id}')
        self.start_tour(
            f'/odoo/requests/{request.id}', 'crm_service_requests_convert',
            login=supervisor.login)
        self.assertRecordValues(request.sale_order_ids, [{'state': 'sale', 'amount_total': 300.0}])
        self.assertIn("was confirmed", "".join(request.message_ids.mapped('body')))
