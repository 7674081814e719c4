import re

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_service_requests import web_files

from .common import RequestCommon

PDF = b'%PDF-1.4\n%%EOF\n'
PROPERTIES = [
    {'name': 'machine', 'string': "Machine", 'type': 'char'},
    {'name': 'story', 'string': "Story", 'type': 'text'},
    {'name': 'hours', 'string': "Hours", 'type': 'integer'},
    {'name': 'width', 'string': "Width", 'type': 'float'},
    {'name': 'still', 'string': "Stands Still", 'type': 'boolean'},
    {'name': 'part', 'string': "When", 'type': 'separator'},
    {'name': 'since', 'string': "Since", 'type': 'date'},
    {'name': 'wish', 'string': "Best Time", 'type': 'datetime'},
    {'name': 'place', 'string': "Place", 'type': 'selection',
     'selection': [['site', "At our site"], ['shop', "In your workshop"]]},
    {'name': 'speech', 'string': "Languages", 'type': 'tags',
     'tags': [['en', "English", 1], ['ga', "Irish", 2]]},
    {'name': 'bill', 'string': "Order", 'type': 'many2one', 'comodel': 'sale.order'},
    {'name': 'secret', 'string': "Company", 'type': 'many2one', 'comodel': 'ir.config_parameter'},
]


class WebCase(RequestCommon, HttpCase):
    """People outside: two contacts of Acorn Joinery, and one of Birch & Sons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.ben, cls.cat = (
            cls._create_portal_user(name, company) for name, company in (
                ('ann', cls.acorn), ('ben', cls.acorn), ('cat', cls.birch)))
        parameters = cls.env['ir.config_parameter'].sudo()
        parameters.set_param('crm_service_requests.web_fill_seconds', '0')
        parameters.set_param('crm_service_requests.web_limit_address', '0')
        parameters.set_param('crm_service_requests.web_limit_user', '0')
        cls.requests = cls.env['crm.request']

    @classmethod
    def _create_portal_user(cls, login, company):
        user = new_test_user(cls.env, login, 'base.group_portal', email=f'{login}@example.com')
        user.partner_id.parent_id = company
        return user

    def _hidden(self, page, name):
        return re.search(rf'name="{name}"\s+value="([^"]*)"', page.text).group(1)


@tagged('post_install', '-at_install')
class TestWebForm(WebCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.types['service']
        cls.service.properties_definition = PROPERTIES
        cls.url = f'/requests/new/{cls.service.id}'

    # What is offered

    def test_stranger_chooses_among_the_types_that_are_offered(self):
        page = self.url_open('/requests/new')
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.url, page.text)
        self.assertIn("a training.", page.text)
        for name in ('debt', 'payment'):
            self.assertNotIn(f'/requests/new/{self.types[name].id}"', page.text)

    def test_only_type_is_not_asked_for(self):
        others = self.env['crm.request.type'].search([]) - self.service
        others.portal_visible = False
        self.assertURLEqual(self.url_open('/requests/new').url, self.url)

    def test_type_that_is_not_offered_is_like_one_that_does_not_exist(self):
        archived = self.types['help']
        archived.active = False
        foreign = self.types['complaint']
        foreign.company_id = self.env['res.company'].create({'name': "Other"})
        for type_id in (
                self.types['debt'].id, archived.id, foreign.id, 0, 987654, 10 ** 12):
            with self.subTest(type=type_id):
                page = self.url_open(f'/requests/new/{type_id}', allow_redirects=False)
                self.assertEqual(page.status_code, 303)
                self.assertURLEqual(page.headers['Location'], '/requests/new')
                self._assert_nothing_made(self._post({}, url=f'/requests/new/{type_id}'))

    def test_form_asks_for_the_own_fields_of_the_type(self):
        page = self.url_open(self.url)
        for name in ('machine', 'story', 'hours', 'width', 'still', 'since', 'wish', 'place',
                     'speech'):
            self.assertIn(f'name="property_{name}"', page.text)
        self.assertIn("At our site", page.text)

    def test_records_are_offered_only_to_whom_they_belong(self):
        self.order_acorn.action_confirm()
        self.order_birch.action_confirm()
        stranger = self.url_open(self.url).text
        self.assertNotIn('property_bill', stranger)
        self.assertNotIn(self.order_acorn.name, stranger)
        self.authenticate('ann', 'ann')
        customer = self.url_open(self.url).text
        self.assertIn(self.order_acorn.name, customer)
        self.assertNotIn(self.order_birch.name, customer)
        self.assertNotIn('property_secret', customer)

    # What comes of it

    def test_stranger_gets_a_registration_number(self):
        self.opener.cookies['tz'] = 'Europe/Brussels'
        page = self._send(
            property_machine="Saw", property_hours="12", property_width="1,5",
            property_still="1", property_since="2026-02-28", property_place="shop",
            property_speech="ga", property_wish="2026-07-01T12:30")
        made = self._made()
        self.assertURLEqual(page.url, '/requests/thanks')
        self.assertIn(made.number, page.text)
        self.assertRecordValues(made, [{
            'channel': 'web', 'partner_id': False, 'name': "The saw jams",
            'email_from': '"Mary Doe" <mary@example.com>', 'email_normalized': 'mary@example.com',
            'phone': "+353 1 555", 'type_id': self.service.id, 'state': 'new'}])
        self.assertIn("It &lt;b&gt;jams&lt;/b&gt;.", made.description)
        values = self._values(made)
        self.assertEqual(values, {
            'machine': "Saw", 'story': None, 'hours': 12, 'width': 1.5, 'still': True,
            'part': None, 'since': '2026-02-28', 'wish': '2026-07-01 10:30:00', 'place': 'shop',
            'speech': ['ga'], 'bill': None, 'secret': None})

    def test_thanks_announce_the_mail_that_comes(self):
        self.service.confirm_template_id = self.env['mail.template'].create({
            'name': "Confirmation", 'model_id': self.env['ir.model']._get_id('crm.request')})
        for automatic in (True, False):
            self.service.confirm_automatically = automatic
            with self.subTest(automatic=automatic):
                self.assertEqual("mary@example.com" in self._send().text, automatic)

    def test_zone_that_does_not_exist_is_none(self):
        self.opener.cookies['tz'] = 'Moon/Crater'
        self._send(property_wish="2026-07-01T12:30")
        self.assertEqual(self._values(self._made())['wish'], '2026-07-01 12:30:00')

    def test_stranger_who_writes_the_address_of_a_customer_is_not_him(self):
        self._send(email='acorn@example.com')
        self.assertFalse(self._made().partner_id)
        self.authenticate('ann', 'ann')
        self.assertNotIn(self._made().number, self.url_open('/my/requests?filterby=all').text)

    def test_request_of_who_is_logged_in_is_his(self):
        self.order_acorn.action_confirm()
        self.authenticate('ann', 'ann')
        page = self._send(property_bill=str(self.order_acorn.id), name='', email='')
        made = self._made()
        self.assertRecordValues(made, [{
            'channel': 'portal', 'partner_id': self.ann.partner_id.id,
            'commercial_partner_id': self.acorn.id, 'phone': "+353 1 555"}])
        self.assertEqual(self._values(made)['bill'][0], self.order_acorn.id)
        self.assertIn(f'/my/requests/{made.id}', page.text)

    def test_files_are_kept_as_the_customers(self):
        self._send(files=[('files', ('../../etc/Bericht ü.pdf', PDF, 'application/pdf'))])
        made = self._made()
        attachment = made._portal_attachments()
        self.assertRecordValues(attachment, [{
            'name': "Bericht ü.pdf", 'raw': PDF, 'res_id': made.id, 'public': False}])

    def test_thanks_tell_nothing_to_others(self):
        self._send()
        self.opener.cookies.clear()
        self.session = None
        page = self.url_open('/requests/thanks', allow_redirects=False)
        self.assertURLEqual(page.headers['Location'], '/requests/new')

    # What is refused, and kept as it was typed

    def test_what_is_missing_is_said_and_the_rest_is_kept(self):
        for name in ('name', 'email', 'subject', 'text'):
            with self.subTest(missing=name):
                page = self._send(**{name: '  ', 'property_machine': "Band saw <7>"})
                self._assert_nothing_made(page)
                self.assertIn("please fill this in", page.text)
                self.assertIn("Band saw &lt;7&gt;", page.text)

    def test_values_of_the_wrong_sort_are_refused(self):
        for name, value in (
                ('hours', "many"), ('hours', "9" * 30), ('hours', "1.5"), ('width', "nan"),
                ('width', "1e999"), ('since', "2026-02-30"), ('since', "yesterday"),
                ('wish', "0000-00-00T00:00"), ('place', "moon"), ('speech', "de"),
                ('machine', "x" * 300), ('story', "x" * 10_001)):
            with self.subTest(field=name, value=value[:20]):
                self._assert_nothing_made(self._send(**{f'property_{name}': value}))

    def test_stranger_cannot_choose_records(self):
        self._send(property_bill=str(self.order_acorn.id), property_secret='1')
        values = self._values(self._made())
        self.assertFalse(values['bill'])
        self.assertFalse(values['secret'])

    def test_customer_cannot_choose_records_of_others(self):
        self.order_birch.action_confirm()
        self.authenticate('ann', 'ann')
        self._assert_nothing_made(self._send(property_bill=str(self.order_birch.id)))

    def test_text_that_is_too_long_is_refused(self):
        for name, size in (('name', 101), ('subject', 201), ('text', 10_001), ('phone', 41)):
            with self.subTest(field=name):
                self._assert_nothing_made(self._send(**{name: 'x' * size}))

    def test_characters_that_cannot_be_kept_are_left_out(self):
        self._send(subject="a\x00b\ud800"[:2] + "c", text="one\x00\x07two")
        self.assertEqual(self._made().name, "ac")
        self.assertIn("onetwo", self._made().description)

    def test_addresses_that_are_none_are_refused(self):
        for address in ("mary", "a@b@c", "a@example.com, b@example.com", "a@example.com\nBcc: b"):
            with self.subTest(address=address):
                self._assert_nothing_made(self._send(email=address))

    def test_files_of_the_wrong_sort_are_refused(self):
        for name, content in (
                ('setup.exe', b'MZ' + bytes(99)), ('bill.pdf', b'MZ' + bytes(99)),
                ('page.html', b'<html></html>'), ('picture.svg', b'<svg/>'),
                ('page.txt', b'<html><script>alert(1)</script></html>'),
                ('run.txt', b'#!/bin/sh\nrm'), ('noending', PDF)):
            with self.subTest(file=name):
                page = self._send(files=[('files', (name, content, 'application/pdf'))])
                self._assert_nothing_made(page)
                self.assertIn("files of this sort are not taken", page.text)

    def test_too_many_files_are_refused(self):
        files = [('files', (f'{number}.pdf', PDF, 'application/pdf')) for number in range(50)]
        page = self._send(files=files)
        self._assert_nothing_made(page)
        self.assertIn("no more than 10 files", page.text)

    def test_file_that_is_too_big_is_refused(self):
        content = PDF + bytes(web_files.MAX_FILE_SIZE)
        page = self._send(files=[('files', ('big.pdf', content, 'application/pdf'))])
        self._assert_nothing_made(page)
        self.assertIn("10 MB each", page.text)

    @mute_logger('odoo.http')
    def test_what_is_far_too_big_is_not_even_read(self):
        content = bytes(web_files.MAX_TOTAL_SIZE + 2 ** 21)
        page = self._send(files=[('files', ('huge.pdf', content, 'application/pdf'))])
        self._assert_nothing_made(page, status=413)

    # Robots

    def test_form_without_its_token_is_refused(self):
        with mute_logger('odoo.http'):
            self._assert_nothing_made(self._post(self._filled(), csrf=False), status=400)

    def test_field_that_nobody_sees_gives_robots_away(self):
        page = self._send(homepage="https://example.com")
        self._assert_nothing_made(page)
        self.assertIn("It &lt;b&gt;jams&lt;/b&gt;.", page.text)

    def test_form_that_is_filled_in_too_fast_is_shown_again(self):
        self.env['ir.config_parameter'].set_param('crm_service_requests.web_fill_seconds', '5')
        with freeze_time('2026-03-02 09:00:00'):
            stamp = self._stamp()
        with freeze_time('2026-03-02 09:00:03'):
            self._assert_nothing_made(self._send(stamp=stamp))
        with freeze_time('2026-03-02 09:00:06'):
            self._send(stamp=stamp)
        self.assertEqual(len(self._made()), 1)

    def test_form_that_was_open_for_days_is_shown_again(self):
        with freeze_time('2026-03-02 09:00:00'):
            stamp = self._stamp()
        with freeze_time('2026-03-04 09:00:00'):
            page = self._send(stamp=stamp)
            self._assert_nothing_made(page)
            self.assertIn("open for too long", page.text)
            self._send(stamp=self._hidden(page, 'stamp'))
        self.assertEqual(len(self._made()), 1)

    def test_stamp_that_is_not_ours_is_refused(self):
        for stamp in ('', 'x', 'AQ', '%', 'ü', self._stamp()[:-2], 'A' * 5000):
            with self.subTest(stamp=stamp[:10]):
                self._assert_nothing_made(self._send(stamp=stamp))

    def test_form_that_is_sent_twice_makes_one_request(self):
        stamp = self._stamp()
        first, second = self._send(stamp=stamp), self._send(stamp=stamp)
        self.assertEqual(len(self._made()), 1)
        self.assertURLEqual(second.url, '/requests/thanks')
        self.assertIn(self._made().number, first.text)
        self.assertIn(self._made().number, second.text)

    def test_form_that_somebody_else_sends_again_makes_no_request(self):
        stamp = self._stamp()
        self._send(stamp=stamp)
        self.authenticate('cat', 'cat')
        page = self._send(stamp=stamp)
        self.assertEqual(len(self._made()), 1)
        self.assertNotIn(self._made().number, page.text)
        self.assertIn("was sent before", page.text)

    def test_address_is_slowed_down(self):
        self._limit('address', 3)
        for _number in range(3):
            self._send()
        self._assert_slowed_down(self._send(), 3)

    def test_mail_address_is_slowed_down(self):
        self._limit('mail', 2)
        for email in ('mary@example.com', 'Mary@Example.com'):
            self._send(email=email)
        self._assert_slowed_down(self._send(email='MARY@example.com'), 2)
        self._send(email='other@example.com')
        self.assertEqual(len(self._made()), 3)

    def test_user_is_slowed_down_and_not_his_neighbour(self):
        self._limit('user', 1)
        self.authenticate('ann', 'ann')
        self._send(subject="Invoice wanted", text="Please.")
        self._assert_slowed_down(self._send(), 1)
        self.authenticate('cat', 'cat')
        self._send()
        self.assertEqual(len(self._made()), 2)

    def test_after_an_hour_it_goes_on(self):
        self._limit('address', 1)
        with freeze_time('2026-03-02 09:00:00'):
            self._send()
            self._assert_slowed_down(self._send(), 1)
        with freeze_time('2026-03-02 10:01:00'):
            self._send()
        self.assertEqual(len(self._made()), 2)

    def test_no_address_is_kept(self):
        self._limit('address', 5)
        self._send()
        keys = self.env['crm.web.rate'].search([]).mapped('key')
        self.assertTrue(keys)
        for key in keys:
            self.assertRegex(key, r'^[0-9a-f]{64}$')

    def test_old_uses_are_forgotten(self):
        rates = self.env['crm.web.rate']
        with freeze_time('2026-03-02 09:00:00'):
            rates._use('mail', 'a@example.com')
        with freeze_time('2026-03-05 09:00:00'):
            rates._use('mail', 'b@example.com')
            rates._gc_uses()
            self.assertEqual(rates.search_count([]), 1)

    def test_form_reads_without_writing(self):
        for url in ('/requests/new', self.url):
            with self.subTest(url=url), self.assertNoLogs('odoo.http', 'WARNING'):
                self.assertEqual(self.url_open(url).status_code, 200)

    # How it is sent

    def _filled(self, **given):
        return {
            'name': "Mary Doe", 'email': 'mary@example.com', 'phone': "+353 1 555",
            'subject': "The saw jams", 'text': "It <b>jams</b>.", **given}

    def _stamp(self):
        return self._hidden(self.url_open(self.url), 'stamp')

    def _post(self, data, files=None, csrf=True, url=None):
        page = self.url_open(self.url)
        known = {'stamp': self._hidden(page, 'stamp')}
        if csrf:
            known['csrf_token'] = self._hidden(page, 'csrf_token')
        return self.url_open(url or self.url, data={**known, **data}, files=files or [
            ('files', ('', b'', 'application/octet-stream'))])

    def _send(self, files=None, **given):
        return self._post(self._filled(**given), files)

    def _made(self):
        return self.requests.search([('type_id', '=', self.service.id)])

    def _values(self, made):
        return {
            field['name']: field.get('value') for field in made.read(['properties'])[0][
                'properties']}

    def _limit(self, kind, count):
        self.env['ir.config_parameter'].set_param(
            f'crm_service_requests.web_limit_{kind}', str(count))

    def _assert_nothing_made(self, page, status=200):
        self.assertEqual(page.status_code, status)
        self.assertFalse(self._made())
        self.assertFalse(self.env['ir.attachment'].search([('res_model', '=', 'crm.request')]))

    def _assert_slowed_down(self, page, count):
        self.assertIn("too many requests", page.text)
        self.assertIn("The saw jams", page.text)
        self.assertEqual(len(self._made()), count)
