from odoo.tests import HttpCase, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestRequestTours(RequestCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.ie')
        cls.acorn.phone = '+353 21 555 0142'
        cls.env['crm.request'].search(
            cls.env['crm.request']._unassigned_domain()).state = 'cancelled'
        cls.service = cls.roles['service_representative']

    def _tour(self, name):
        self.start_tour('/odoo/request-inbox', name, login=self.service.login)

    def test_request_is_taken_down_by_keys_only(self):
        self._create_request(name="An old question")
        self._tour('crm_request_intake_by_keys')
        request = self.env['crm.request'].search([('name', '=', "The saw is loud")])
        self.assertRecordValues(request, [{
            'partner_id': self.acorn.id, 'channel': 'phone', 'user_id': self.service.id}])
        self.assertEqual(request.call_ids.direction, 'incoming')

    def test_what_is_asked_again_is_added(self):
        request = self._create_request(name="An old question")
        count = self.env['crm.request'].search_count([])
        self._tour('crm_request_intake_add')
        self.assertEqual(self.env['crm.request'].search_count([]), count)
        self.assertEqual(request.call_ids.user_id, self.service)

    def test_inbox_leads_from_one_to_the_next(self):
        self._create_request(name="Own question", user_id=self.service.id)
        free = self._create_request(name="Free question")
        self._tour('crm_request_inbox_next')
        self.assertRecordValues(free, [{'user_id': self.service.id, 'state': 'open'}])
