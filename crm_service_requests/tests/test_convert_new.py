from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RequestCommon

MAIL = """From: Ann <acorn@example.com>
To: orders@example.com
Subject: Three benches
Message-ID: <three-benches@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset="utf-8"

Please send three benches.

--part
Content-Type: application/pdf; name="order.pdf"
Content-Disposition: attachment; filename="order.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK

--part--
"""


@tagged('post_install', '-at_install')
class TestConvertNew(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types['order'].write({'convert_automatically': True, 'product_id': cls.product.id})

    def test_request_by_phone_is_converted_at_once(self):
        request = self._create_request('order')
        self.assertRecordValues(request.sale_order_ids, [{
            'state': 'draft', 'partner_id': self.acorn.id, 'amount_total': 100.0}])
        self.assertFalse(request.conversion_error)
        self.assertEqual(request.state, 'new', "somebody has still to take it up")

    def test_everybody_elses_request_is_converted_before_its_transaction_ends(self):
        service = self.roles['service_representative']
        request = self.env['crm.request'].with_user(service).create({
            'name': "A bench", 'type_id': self.types['order'].id, 'partner_id': self.acorn.id,
            'channel': 'web'})
        self.assertFalse(request.sudo().sale_order_ids)
        self.env.cr.flush()
        self.assertEqual(request.sudo().sale_order_ids.order_line.product_id, self.product)

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_order_by_mail_becomes_a_quotation_with_its_attachment(self):
        domain = self.env['mail.alias.domain'].create({'name': 'example.com'})
        kind = self.types['order']
        kind.write({'alias_name': 'orders', 'alias_domain_id': domain.id})
        kind.alias_id.alias_defaults = {
            'type_id': kind.id, 'partner_id': self.acorn.id, 'channel': 'mail'}
        request = self.env['crm.request'].browse(
            self.env['mail.thread'].message_process('crm.request', MAIL))
        self.env.cr.flush()
        self.assertEqual(request.sale_order_ids.partner_id, self.acorn)
        attachments = request.sale_order_ids.message_ids.attachment_ids
        self.assertEqual(attachments.mapped('name'), ["order.pdf"])

    def test_failure_keeps_the_request_and_asks_for_a_hand(self):
        self.types['order'].write({'convert_to': 'order', 'product_id': False})
        service = self.roles['service_representative']
        request = self._create_request('order', user_id=service.id)
        self.assertIn("nothing to put", request.conversion_error)
        self.assertEqual(request.activity_ids.user_id, service)
        self.types['order'].product_id = self.product
        preview = request.with_user(self.roles['service_supervisor']).action_convert()
        self.env['crm.request.convert'].with_user(self.roles['service_supervisor']).browse(
            preview['res_id']).action_convert()
        self.assertFalse(request.conversion_error)
        self.assertFalse(request.activity_ids)
        self.assertEqual(request.sale_order_ids.state, 'sale')

    def test_failure_without_anybody_responsible_is_shown_to_all(self):
        request = self._create_request('order', partner_id=False)
        self.assertIn("names no customer", request.conversion_error)
        self.assertEqual(len(request.activity_ids), 1)
        self.assertFalse(request.activity_ids.user_id)
        self.assertIn(request, request.search([('conversion_error', '!=', False)]))

    def test_what_was_split_off_or_is_done_is_left_alone(self):
        first = self._create_request('order')
        second = self._create_request('order', split_from_id=first.id)
        done = self._create_request('order', state='cancelled')
        self.assertFalse((second | done).sale_order_ids)

    def test_user_without_rights_to_orders_gets_his_request_converted(self):
        user = new_test_user(self.env, 'plain', 'base.group_user')
        request = self.env['crm.request'].with_user(user).create({
            'name': "A bench", 'type_id': self.types['order'].id, 'partner_id': self.acorn.id})
        self.assertTrue(request.sudo().sale_order_ids)
        self.assertFalse(request.may_convert)
