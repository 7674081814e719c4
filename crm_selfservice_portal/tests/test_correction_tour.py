from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_correction import CorrectionCommon


@tagged('post_install', '-at_install')
class TestCorrectionTour(CorrectionCommon, HttpCase):

    def _take_tour(self):
        self.order.commitment_date = fields.Datetime.add(fields.Datetime.now(), days=9)
        self.start_tour(
            f'/my/orders/{self.order.id}', 'crm_selfservice_portal.correction', login='ann')
        self.assertEqual((self.benches.product_uom_qty, self.order.amount_total), (8, 1200))
        self.assertEqual(self.order.correction_ids.state, 'applied')

    def test_customer_changes_a_quantity_and_sees_the_price_before(self):
        self._take_tour()

    def test_customer_does_the_same_on_a_phone(self):
        self.browser_size = '390x844'
        self._take_tour()
