from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestRequestDocuments(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.roles['service_supervisor']
        cls.types['order'].product_id = cls.product

    def _make(self, request):
        """Return what a supervisor makes of a request."""
        action = request.with_user(self.supervisor).action_convert()
        made = self.env[action['res_model']].with_user(
            self.supervisor).browse(action['res_id']).action_convert()
        return self.env[made['res_model']].browse(made['res_id'])

    def _notes(self, record):
        return "".join(record.message_ids.mapped('body'))

    def test_draft_quotation_is_taken_back(self):
        request = self._create_request('order')
        order = self._make(request)
        self.assertTrue(request.with_user(self.supervisor).may_undo_conversion)
        request.with_user(self.supervisor).action_undo_conversion()
        self.assertEqual(order.state, 'cancel')
        self.assertRecordValues(request, [{'state': 'open', 'date_converted': False}])
        self.assertIn(f"{order.name}</a> was cancelled", self._notes(request))
        self.assertTrue(request.with_user(self.supervisor).may_convert)

    def test_draft_credit_note_is_taken_back(self):
        request = self._create_request(
            'accounting', origin_ref=f'account.move,{self.bill_acorn.id}')
        request.type_id.convert_to = 'credit_note'
        credit_note = self._make(request)
        request.with_user(self.supervisor).action_undo_conversion()
        self.assertFalse(credit_note.exists())
        self.assertIn("was taken back", self._notes(request))

    def test_credit_note_that_was_posted_once_is_cancelled(self):
        request = self._create_request(
            'accounting', origin_ref=f'account.move,{self.bill_acorn.id}')
        request.type_id.convert_to = 'credit_note'
        credit_note = self._make(request)
        credit_note.action_post()
        credit_note.button_draft()
        request.with_user(self.supervisor).action_undo_conversion()
        self.assertEqual(credit_note.state, 'cancel')

    def test_what_is_no_draft_any_more_stays(self):
        request = self._create_request('order')
        order = self._make(request)
        order.action_confirm()
        self.assertFalse(request.with_user(self.supervisor).may_undo_conversion)
        with self.assertRaisesRegex(UserError, order.name):
            request.with_user(self.supervisor).action_undo_conversion()

    def test_what_is_not_there_cannot_be_taken_back(self):
        with self.assertRaisesRegex(UserError, "no document"):
            self._create_request('order').with_user(self.supervisor).action_undo_conversion()

    def test_only_who_could_make_it_takes_it_back(self):
        request = self._create_request('order')
        order = self._make(request)
        service = self.roles['service_representative']
        self.assertFalse(request.with_user(service).may_undo_conversion)
        with self.assertRaisesRegex(AccessError, "Ask a service supervisor"):
            request.with_user(service).action_undo_conversion()
        self.assertEqual(order.state, 'draft')

    def test_request_hears_what_becomes_of_its_order(self):
        request = self._create_request('order')
        order = self._make(request)
        order.action_confirm()
        self.assertIn(f"{order.name}</a> was confirmed", self._notes(request))
        order._action_cancel()
        self.assertIn(f"{order.name}</a> was cancelled", self._notes(request))

    def test_request_hears_what_becomes_of_its_bill(self):
        request = self._create_request('order')
        bill = self._create_bill(self.acorn, post=False, crm_request_id=request.id)
        bill.action_post()
        self.assertIn(f"{bill.name}</a> was posted", self._notes(request))
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=bill.ids).create({})._create_payments()
        self.assertEqual(self._notes(request).count("was paid"), 1)
        self.assertNotIn("was confirmed", self._notes(request))

    def test_responsible_is_told_what_others_do(self):
        service = self.roles['service_representative']
        request = self._create_request('order', user_id=service.id)
        order = self._make(request)
        order.with_user(self.supervisor).action_confirm()
        note = request.message_ids.filtered(lambda message: "was confirmed" in message.body)
        self.assertEqual(len(note), 1)
        self.assertIn(service.partner_id, note.notified_partner_ids)

    def test_customer_who_orders_ends_the_waiting(self):
        request = self._create_request('order')
        order = self._make(request)
        request.action_wait()
        order.action_confirm()
        self.assertEqual(request.state, 'open')

    def test_open_documents_hear_of_the_closing(self):
        request = self._create_request('order')
        order = self._make(request)
        cancelled = self._create_order(self.acorn, crm_request_id=request.id, state='cancel')
        draft = self._create_bill(self.acorn, post=False, crm_request_id=request.id)
        request.write({
            'solution': "<p>Done</p>", 'resolution_id': self.answered.id})
        request.with_user(self.roles['service_representative']).action_close()
        for document in (order, draft):
            self.assertEqual(self._notes(document).count("is now: Closed"), 1)
        self.assertNotIn("is now", self._notes(cancelled))

    def test_many_documents_tell_as_quickly_as_few(self):
        def told(count):
            requests = self.env['crm.request'].create([{
                'name': "A bench", 'type_id': self.types['order'].id, 'partner_id': self.acorn.id,
            } for _number in range(count)])
            orders = self.env['sale.order'].create([{
                'partner_id': self.acorn.id, 'crm_request_id': request.id,
            } for request in requests])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._tell_requests("%(document)s was confirmed.")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        told(1)
        self.assertLessEqual(told(50), told(5))

    def test_number_is_printed_on_order_and_bill(self):
        request = self._create_request('order')
        order = self._make(request)
        bill = self._create_bill(self.acorn, crm_request_id=request.id)
        credit_note = bill._reverse_moves()
        credit_note.crm_request_id = request
        for report, documents in (
                ('sale.action_report_saleorder', order),
                ('account.account_invoices', bill | credit_note)):
            for document in documents:
                html, _type = self.env['ir.actions.report']._render_qweb_html(
                    report, document.ids)
                self.assertIn("Your Request", html.decode())
                self.assertIn(request.number, html.decode())

    def test_documents_are_found_by_the_number(self):
        request = self._create_request('order')
        order = self._make(request)
        bill = self._create_bill(self.acorn, crm_request_id=request.id)
        for document in (order, bill):
            found = document.with_user(self.roles['service_representative']).search(
                [('crm_request_number', '=', request.number)])
            self.assertEqual(found, document)

    def test_order_continues_the_run_of_its_request(self):
        self.env['crm.process'].create({
            'name': "Quotations", 'model_name': 'sale.order', 'start_domain': "[]",
            'end_domain': "[('state', '=', 'sale')]",
            'step_ids': [Command.create({'name': "Agree", 'domain': "[('state', '=', 'draft')]"})],
        }).action_activate()
        request = self._create_request('order')
        self.env.cr.flush()
        order = self._make(request)
        self.env.cr.flush()
        runs = self.env['crm.process.run'].search([
            ('res_model', '=', 'sale.order'), ('res_id', '=', order.id)])
        self.assertEqual(runs.parent_id.res_model, 'crm.request')
        self.assertEqual(runs.parent_id.res_id, request.id)

    def test_who_may_see_no_order_opens_his_request_all_the_same(self):
        user = new_test_user(self.env, 'plain', 'base.group_user')
        for document in (self.order_acorn, self.bill_acorn):
            request = self._create_request(
                'accounting', user_id=user.id, origin_ref=f'{document._name},{document.id}')
            self._create_order(self.acorn, crm_request_id=request.id)
            self.env.invalidate_all()
            form = Form(request.with_user(user))
            self.assertIn("You may not see", form.origin_warning)
            self.assertNotIn('sale_order_ids', form._view['fields'])

    def test_who_cannot_see_the_request_sees_its_number_on_the_order(self):
        request = self._create_request('order')
        order = self._as(self._make(request), 'marketing_manager')
        self.assertFalse(request.with_env(order.env).has_access('read'))
        self.assertEqual(order.crm_request_number, request.number)
