from odoo.tests import tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestRequestTypeWords(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.Type = cls.env['crm.request.type']
        cls.type = cls.env.ref('crm_service_requests.crm_request_type_complaint')
        cls.type.properties_definition = [
            *cls.Type._ready_made_fields()['complaint'],
            {'name': 'site', 'type': 'selection', 'string': "Building Site",
             'selection': [['quay', "The Quay"]]}]

    def test_ready_made_fields_are_read_in_the_language_of_the_reader(self):
        subject, wish = self.type.with_context(lang='de_DE')._web_fields()[:2]
        self.assertEqual(subject['string'], "Reklamation über")
        self.assertEqual(wish['choices']['money'], "Geld zurück")

    def test_what_the_company_has_written_stays(self):
        site = self.type.with_context(lang='de_DE')._web_fields()[-1]
        self.assertEqual((site['string'], site['choices']), ("Building Site", {'quay': "The Quay"}))

    def test_fields_made_in_german_are_read_in_english(self):
        german = self.Type.with_context(lang='de_DE')._ready_made_fields()['complaint']
        self.assertEqual(german[0]['string'], "Reklamation über")
        told = self.Type.with_context(lang='en_US')._told_definitions(german)
        self.assertEqual(told[0]['string'], "Complaint about")

    def test_details_of_a_request_are_told_in_the_language_of_the_reader(self):
        request = self.env['crm.request'].create({
            'name': "Scratched", 'type_id': self.type.id, 'partner_id': self.acorn.id})
        request.properties = {'subject': 'conduct'}
        details = request.with_context(lang='de_DE')._portal_details()
        self.assertEqual(details, [("Reklamation über", 'selection', "Verhalten")])
