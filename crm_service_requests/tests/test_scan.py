from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestScan(RequestCommon):

    def _scan(self, *names, **values):
        files = self.env['ir.attachment'].with_user(
            self.roles['service_representative']).create(
            [{'name': name, 'raw': b'%PDF-1.4', 'res_model': 'crm.request.scan'}
             for name in names])
        action = self.env['crm.request.scan'].with_user(
            self.roles['service_representative']).create(
            {'attachment_ids': files.ids, **values}).action_register()
        if action.get('res_id'):
            return self.env['crm.request'].browse(action['res_id'])
        return self.env['crm.request'].search(action['domain'], order='id')

    def test_each_file_becomes_a_request(self):
        requests = self._scan('Order Acorn.pdf', 'Order Birch.pdf')
        self.assertRecordValues(requests, [
            {'name': "Order Acorn", 'channel': 'fax', 'kind': 'information'},
            {'name': "Order Birch", 'channel': 'fax', 'kind': 'information'}])
        self.assertEqual(
            [request.message_ids.attachment_ids.mapped('name') for request in requests],
            [['Order Acorn.pdf'], ['Order Birch.pdf']])
        self.assertEqual(len(set(requests.mapped('number'))), 2)

    def test_pages_of_one_letter_become_one_request(self):
        request = self._scan(
            'page 1.pdf', 'page 2.pdf', as_one=True, partner_id=self.acorn.id,
            type_id=self.types['complaint'].id)
        self.assertRecordValues(request, [{
            'name': "page 1", 'kind': 'complaint', 'partner_id': self.acorn.id}])
        self.assertEqual(len(request.message_ids.attachment_ids), 2)

    def test_without_a_file_nothing_is_registered(self):
        with self.assertRaisesRegex(UserError, "Choose the scanned files"):
            self._scan()
