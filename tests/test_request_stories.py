"""Requests told as their people would tell them: from the first word to the last."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.crm_service_requests.tests.common import RequestCommon
from odoo.addons.crm_service_requests.tests.common_rule import RuleCommon
from odoo.addons.mail.tests.common import MockEmail


@tagged('post_install', '-at_install')
class TestMailBecomesAnOrderAndTheCustomerClosesIt(RequestCommon, MockEmail, HttpCase):

    def test_story(self):
        # Acorn Joinery mails an order with a drawing to the address of orders.
        domain = self.env['mail.alias.domain'].create({'name': 'harrow.example'})
        self.env.company.alias_domain_id = domain
        kind = self.types['order']
        kind.write({
            'alias_name': 'orders', 'alias_domain_id': domain.id, 'product_id': self.product.id,
            'confirm_automatically': True})
        with self.mock_mail_gateway():
            self.env['mail.thread'].with_user(self.env.ref('base.user_root')).message_process(
                False, self._mail())
            self.env.cr.flush()
        request = self.env['crm.request'].search([('name', '=', "Two benches")])
        self.assertRecordValues(request, [{
            'partner_id': self.acorn.id, 'channel': 'mail', 'type_id': kind.id, 'state': 'new'}])

        # It is told its number by mail.
        confirmation = self._new_mails.filtered(lambda mail: request.number in mail.subject)
        self.assertEqual(len(confirmation), 1)

        # A supervisor looks at the preview and makes the quotation; the drawing goes along.
        supervisor = self.roles['service_supervisor']
        mine = request.with_user(supervisor)
        mine.action_open()
        preview = mine.action_convert()
        wizard = self.env[preview['res_model']].with_user(supervisor).browse(preview['res_id'])
        self.assertEqual(wizard.line_ids.product_id, self.product)
        wizard.line_ids.quantity = 2.0
        wizard.action_convert()
        order = request.sale_order_ids
        self.assertRecordValues(order, [{'state': 'draft', 'amount_total': 200.0}])
        self.assertIn('drawing.pdf', order.message_ids.attachment_ids.mapped('name'))

        # The quotation is confirmed, and the request hears of it.
        order.with_user(supervisor).action_confirm()
        self.env.cr.flush()
        self.assertTrue(request.message_ids.filtered(lambda note: order.name in note.body))

        # The customer follows the link in a mail and says that all is well.
        self.authenticate(None, None)
        url = request._closing_url()
        self.env.flush_all()
        page = self.url_open(url)
        self.assertIn(request.number, page.text)
        token = html.fromstring(page.text).xpath('//input[@name="csrf_token"]/@value')[0]
        self.url_open(url, data={'csrf_token': token, 'answer': 'solved', 'text': "Thank you!"})
        self.assertRecordValues(request, [{'state': 'closed', 'closed_by': 'customer'}])

    def _mail(self):
        mail = EmailMessage(policy=SMTP)
        mail['From'] = 'Acorn Joinery <acorn@example.com>'
        mail['To'] = 'orders@harrow.example'
        mail['Subject'] = 'Two benches'
        mail['Message-Id'] = '<two-benches@mail.example.com>'
        mail.set_content("Please send two benches as in the drawing.")
        mail.add_attachment(
            b'%PDF-1.4', maintype='application', subtype='pdf', filename='drawing.pdf')
        return mail.as_bytes()


@tagged('post_install', '-at_install')
class TestWarrantyIsRefusedAndASupervisorOverrides(RequestCommon):

    def test_story(self):
        # Acorn Joinery bought a bench three years ago; it was covered for two.
        self.product.warranty_months = 24
        self.order_acorn.action_confirm()
        self.order_acorn.date_order = datetime(2023, 1, 10, 10)
        service, supervisor = (
            self.roles[role] for role in ('service_representative', 'service_supervisor'))
        request = self._create_request(
            'warranty', user_id=service.id, warranty_product_id=self.product.id,
            date_received=datetime(2026, 3, 2, 9))
        self.assertEqual(request.warranty_state, 'expired')
        self.assertIn(self.order_acorn.name, request.warranty_reason)

        # The representative cannot accept it; what he may do is refuse it, with the reason.
        mine = request.with_user(service)
        with self.assertRaisesRegex(AccessError, "supervisor"):
            mine.action_accept_warranty()
        mine.action_refuse_warranty()
        self.assertEqual(request.warranty_decision, 'rejected')
        self.assertIn(self.order_acorn.name, request.solution)

        # The customer complains; a supervisor takes the answer back and decides otherwise.
        theirs = request.with_user(supervisor)
        theirs.action_withdraw_warranty()
        dialog = theirs.action_accept_warranty()
        self.env[dialog['res_model']].with_user(supervisor).with_context(
            **dialog['context']).create({'reason': "A good customer of ten years."}).action_decide()
        self.assertRecordValues(request, [{
            'warranty_decision': 'accepted', 'warranty_overridden': True}])
        self.assertIn("A good customer of ten years.", request.decision_ids.mapped('reason'))
        self.assertEqual(
            request.decision_ids.filtered(lambda line: line.kind == 'override').user_id, supervisor)

        # What is proposed is a replacement that costs nothing.
        preview = theirs.action_convert()
        wizard = self.env[preview['res_model']].with_user(supervisor).browse(preview['res_id'])
        wizard.action_convert()
        self.assertEqual(request.sale_order_ids.order_line.product_id, self.product)
        self.assertEqual(request.sale_order_ids.amount_total, 0.0)


@tagged('post_install', '-at_install')
class TestPromiseIsBrokenThenTheDebtIsPaid(RuleCommon):

    def test_story(self):
        # Acorn Joinery owes 100 since 1 February. The rule notices it at night.
        with freeze_time('2026-03-10 09:00:00'):
            bill = self._bill(self.acorn, 100.0, '2026-02-01')
            rule = self._create_rule('overdue', days=7, type_id=self.types['debt'].id)
            debt = rule._run()
            self.assertRecordValues(debt, [{
                'partner_id': self.acorn.id, 'channel': 'rule', 'debt_amount': 100.0}])
            level = debt.debt_level_id

            # A representative calls, and the customer promises to pay by the 20th.
            mine = debt.with_user(self.roles['service_representative'])
            mine.action_open()
            dialog = mine.action_promise()
            promise = self.env['crm.payment.promise'].with_user(mine.env.user).with_context(
                **dialog['context']).create({
                    'request_id': debt.id, 'date': '2026-03-20', 'amount': 100.0})
            self.assertEqual(debt.state, 'waiting')

        # Nothing comes. The day after, the request is on top again, one level higher.
        cron = self.env.ref('crm_service_requests.ir_cron_follow_debts')
        self.env.flush_all()
        with freeze_time('2026-03-21 09:00:00'), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(promise.sudo().state, 'broken')
        self.assertEqual(debt.state, 'open')
        self.assertNotEqual(debt.debt_level_id, level)

        # The money comes at last, and the request closes by itself.
        with freeze_time('2026-03-25 09:00:00'):
            self._pay(bill, 100.0, '2026-03-25')
            self.assertRecordValues(debt, [{'state': 'closed', 'closed_by': 'rule'}])
