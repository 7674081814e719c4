from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged('post_install', '-at_install')
class TestWarranty(ReturnCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.warranty_months = 24

    def test_newest_purchase_of_the_customer_is_found(self):
        self._buy(self.birch, '2026-03-18', 1)
        older = self._buy(self.acorn, '2023-01-10', 1)
        request = self._create_claim()
        self.assertRecordValues(request, [{
            'warranty_sale_line_id': self.purchase.id, 'warranty_months': 24,
            'warranty_date_order': date(2026, 3, 1), 'warranty_date_delivery': False,
            'warranty_until': date(2028, 3, 1), 'warranty_state': 'covered'}])
        self.assertEqual(request.warranty_reason, (
            f"Bought on 03/01/2026 ({self.purchase.order_id.name}). 24 months: under warranty "
            "until 03/01/2028."))
        request.warranty_sale_line_id = older
        self.assertRecordValues(request, [{
            'warranty_until': date(2025, 1, 10), 'warranty_state': 'expired'}])
        self.assertIn("the warranty ended on 01/10/2025", request.warranty_reason)

    def test_purchase_without_an_order_is_found(self):
        drill = self.env['product.product'].create({'name': "Drill", 'warranty_months': 6})
        bill = self._create_bill(self.acorn, invoice_date='2026-01-10', invoice_line_ids=[
            Command.create({
                'product_id': drill.id, 'price_unit': 50.0, 'tax_ids': [Command.clear()]})])
        request = self._create_claim(warranty_product_id=drill.id)
        self.assertRecordValues(request, [{
            'warranty_move_line_id': bill.invoice_line_ids.id, 'warranty_sale_line_id': False,
            'warranty_until': date(2026, 7, 10), 'warranty_state': 'covered'}])
        self.assertIn(bill.name, request.warranty_reason)

    def test_what_is_not_known_is_said(self):
        self.product.warranty_months = 0
        self.assertEqual(self._create_claim().warranty_state, 'unknown')
        drill = self.env['product.product'].create({'name': "Drill"})
        request = self._create_claim(warranty_product_id=drill.id)
        self.assertEqual(request.warranty_state, 'no_purchase')
        self.assertIn("Acorn Joinery", request.warranty_reason)
        self.assertFalse(self._create_claim(warranty_product_id=False).warranty_state)

    def test_coverage_is_of_the_day_on_which_it_was_claimed(self):
        request = self._create_claim(date_received='2028-03-02 08:00:00')
        self.assertEqual(request.warranty_state, 'expired')
        request.date_received = '2028-03-01 22:00:00'
        self.assertEqual(request.warranty_state, 'covered')

    def test_months_changed_later_touch_nothing(self):
        request = self._create_claim()
        self.env.flush_all()
        self.product.warranty_months = 0
        self.env.invalidate_all()
        self.assertEqual(request.warranty_state, 'covered')

    def test_other_customer_has_another_purchase(self):
        request = self._create_claim()
        request.partner_id = self.birch
        self.assertEqual(request.warranty_state, 'no_purchase')

    def test_representative_accepts_what_is_covered(self):
        request = self._as(self._create_claim(), 'service_representative')
        request.action_accept_warranty()
        self.assertRecordValues(request, [{
            'warranty_decision': 'accepted', 'warranty_overridden': False}])
        self.assertRecordValues(request.decision_ids, [{
            'kind': 'system', 'result': 'accepted', 'reason': request.warranty_reason}])

    def test_representative_refuses_with_the_reason_as_the_solution(self):
        request = self._as(self._create_expired_claim(), 'service_representative')
        request.action_refuse_warranty()
        self.assertRecordValues(request, [{
            'warranty_decision': 'rejected', 'resolution_id': self.env.ref(
                'crm_service_requests.crm_request_resolution_refused').id}])
        self.assertIn("the warranty ended on", request.solution)
        with self.assertRaisesRegex(UserError, "is decided"):
            request.action_refuse_warranty()

    def test_representative_grants_nothing_outside_the_warranty(self):
        request = self._as(self._create_expired_claim(), 'service_representative')
        covered = self._as(self._create_claim(), 'service_representative')
        for call in (
                request.action_accept_warranty, covered.action_refuse_warranty,
                lambda: request._override_warranty(True, "He asked.")):
            with self.assertRaisesRegex(AccessError, "only a service supervisor"):
                call()
        self._assert_cannot_write(request, warranty_decision='accepted', warranty_overridden=True)

    def test_supervisor_grants_it_with_a_reason_that_stays(self):
        request = self._as(self._create_expired_claim(), 'service_supervisor')
        action = request.action_accept_warranty()
        wizard = request.env[action['res_model']].with_context(**action['context']).create(
            {'reason': "A good customer."})
        wizard.action_decide()
        self.assertRecordValues(request, [{
            'warranty_decision': 'accepted', 'warranty_overridden': True,
            'warranty_state': 'expired'}])
        self.assertRecordValues(request.decision_ids, [{
            'kind': 'override', 'result': 'accepted', 'reason': "A good customer.",
            'user_id': self.roles['service_supervisor'].id}])
        with self.assertRaisesRegex(UserError, "is decided"):
            wizard.action_decide()
        self._assert_refused(
            self._as(request, 'service_representative').action_withdraw_warranty)
        self._as(request, 'service_supervisor').action_withdraw_warranty()
        self.assertFalse(request.warranty_decision)

    def test_accepted_claim_becomes_a_replacement_free_of_charge(self):
        request = self._as(self._create_claim(warranty_serial="SN7"), 'service_supervisor')
        with self.assertRaisesRegex(UserError, "become no document"):
            request.action_convert()
        request.action_accept_warranty()
        order = self._convert(request)
        self.assertRecordValues(order, [{
            'state': 'sale', 'amount_total': 0.0, 'crm_request_id': request.id}])
        self.assertIn("SN7", order.order_line.name)
        self.assertEqual(order.order_line.product_id, self.product)
        with self.assertRaisesRegex(UserError, "Cancel that first"):
            request.action_withdraw_warranty()

    def test_accepted_claim_becomes_a_quotation_of_the_repair(self):
        repair = self.env['product.product'].create({'name': "Repair", 'type': 'service'})
        self.types['warranty'].product_id = repair
        request = self._create_claim(warranty_remedy='repair')
        request.action_accept_warranty()
        order = self._convert(request)
        self.assertRecordValues(order, [{'state': 'draft', 'amount_total': 0.0}])
        self.assertRecordValues(order.order_line, [{
            'product_id': repair.id,
            'name': "Repair under warranty: Work Bench, serial number -"}])

    def test_fifty_claims_cost_as_many_queries_as_five(self):
        counts = []
        for count in (5, 50):
            requests = self.env['crm.request'].concat(
                *[self._create_claim(warranty_product_id=False) for _number in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.warranty_product_id = self.product
            requests.flush_recordset()
            self.assertEqual(set(requests.mapped('warranty_state')), {'covered'})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _create_claim(self, **values):
        return self._create_request(
            'warranty', **{'warranty_product_id': self.product.id, **values})

    def _convert(self, request):
        action = request.action_convert()
        request.env[action['res_model']].browse(action['res_id']).action_convert()
        return request.sale_order_ids

    def _create_expired_claim(self):
        return self._create_claim(date_received='2029-01-01 08:00:00')
