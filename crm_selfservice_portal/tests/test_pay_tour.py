from odoo.tests import HttpCase, tagged

from .pay_common import PayCommon


@tagged('post_install', '-at_install')
class TestPayTour(PayCommon, HttpCase):

    def _take_tour(self):
        self.start_tour('/my/statement', 'crm_selfservice_portal.pay', login='ann')
        self.assertEqual(
            [bill._amount_not_paid() for bill in self.bills], [0.0, 80.0, 0.0])

    def test_customer_ticks_two_bills_and_pays_them(self):
        self._take_tour()

    def test_customer_does_the_same_on_a_phone(self):
        self.browser_size = '390x844'
        self._take_tour()
