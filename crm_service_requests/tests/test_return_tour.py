from odoo import fields
from odoo.tests import HttpCase, tagged

from .return_common import PurchaseCommon


@tagged('post_install', '-at_install')
class TestReturnTour(HttpCase, PurchaseCommon):

    def test_rejected_return_is_overridden_and_credited(self):
        supervisor = self.roles['service_supervisor']
        supervisor.password = supervisor.login
        day = fields.Date.subtract(fields.Date.today(), days=20)
        bill = self._bill(self._buy(self.acorn, day, 10))
        request = self._create_request('return', name="Too many")
        self.start_tour(
            f'/odoo/returns/{request.id}', 'crm_service_requests_return',
            login=supervisor.login)
        self.assertRecordValues(request, [{
            'return_state': 'accepted', 'return_overridden': True, 'return_amount': 900.0}])
        self.assertRecordValues(request.invoice_ids, [{
            'move_type': 'out_refund', 'reversed_entry_id': bill.id, 'amount_untaxed': 900.0}])
        self.assertRecordValues(request.decision_ids[0], [{
            'kind': 'override', 'user_id': supervisor.id, 'reason': "A good customer"}])
