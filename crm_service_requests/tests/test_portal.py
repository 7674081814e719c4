from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import hash_sign

from .test_web_form import PDF, WebCase

# Who may ask for a page: everybody outside, and those who have lost or never had the right.
STRANGERS = ('anonymous', 'other customer', 'wrong token', 'token of another', 'empty token')


class PortalCase(WebCase):
    """A request of Ann's company at which nobody else may look."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._create_request(
            partner_id=cls.ann.partner_id.id, description="<p>It is a <b>long</b> story.</p>")
        cls.request.type_id.solution_required = False
        cls.other = cls._create_request(partner_id=cls.birch.id, name="Not for Ann")
        cls.token = cls.request._portal_ensure_token()
        cls.outside = cls.cat.partner_id
        cls.missing = cls.other.id + 100_000

    def _come(self, who):
        """Come as somebody, and return what he adds to the address."""
        logins = {'other customer': 'cat', 'colleague': 'ben', 'customer': 'ann',
                  'employee': 'colleague', 'outside party': 'cat'}
        self.authenticate(*[logins[who]] * 2 if who in logins else [None, None])
        return {
            'wrong token': {'access_token': 'wrong'},
            'token of another': {'access_token': self.other._portal_ensure_token()},
            'empty token': {'access_token': ''},
            'token': {'access_token': self.token},
        }.get(who, {})

    def _url(self, suffix='', record=None):
        return f'/my/requests/{record or self.request.id}{suffix}'

    def _get(self, who, suffix='', record=None):
        given = self._come(who)
        self.env.flush_all()
        return self.url_open(self._url(suffix, record) + ''.join(
            f'?{name}={value}' for name, value in given.items()), allow_redirects=False)

    def _post(self, who, suffix, record=None, files=None, **given):
        given = {**self._come(who), **given}
        page = self.url_open(f"/requests/new/{self.types['information'].id}")
        return self.url_open(
            self._url(suffix, record),
            data={'csrf_token': self._hidden(page, 'csrf_token'), **given}, files=files,
            allow_redirects=False, method='POST')

    def _assert_turned_away(self, page):
        self.assertEqual(page.status_code, 303)
        self.assertURLEqual(page.headers['Location'], '/my')

    def _assert_led_back(self, page, done):
        self.assertEqual(page.status_code, 303)
        self.assertIn(f'/my/requests/{self.request.id}?done={done}', page.headers['Location'])


@tagged('post_install', '-at_install')
class TestPortal(PortalCase):

    # Who sees it

    def test_customer_his_colleagues_and_who_has_the_token_see_the_page(self):
        for who in ('customer', 'colleague', 'token', 'employee'):
            with self.subTest(who=who):
                if who == 'employee':
                    self.request.user_id = self.colleague
                page = self._get(who)
                self.assertEqual(page.status_code, 200)
                for text in (self.request.number, self.request.name, "<b>long</b> story"):
                    self.assertIn(text, page.text)

    def test_foreign_request_is_like_one_that_does_not_exist(self):
        for who in STRANGERS:
            foreign, missing = self._get(who), self._get(who, record=self.missing)
            with self.subTest(who=who):
                self._assert_turned_away(foreign)
                self._assert_turned_away(missing)
                self.assertEqual(foreign.content, missing.content)

    def test_foreign_request_is_not_moved(self):
        for suffix in ('/close', '/reopen', '/answer', '/rate'):
            for who in STRANGERS:
                with self.subTest(route=suffix, who=who):
                    foreign = self._post(who, suffix, text="Hacked", rate='5')
                    missing = self._post(who, suffix, self.missing, text="Hacked", rate='5')
                    self._assert_turned_away(foreign)
                    self._assert_turned_away(missing)
                    self.assertEqual(foreign.content, missing.content)
        self.assertEqual(self.request.state, 'new')
        self.assertFalse(self._comments())
        self.assertFalse(self.request.rating_ids)

    def test_nobody_acts_by_a_link_that_is_only_followed(self):
        for suffix in ('/close', '/reopen', '/answer', '/rate'):
            with self.subTest(route=suffix):
                self.assertEqual(self._get('customer', suffix).status_code, 405)
        self.assertEqual(self.request.state, 'new')

    def test_nobody_acts_from_another_site(self):
        self._come('customer')
        for suffix in ('/close', '/reopen', '/answer', '/rate'):
            with self.subTest(route=suffix), self.assertLogs('odoo.http', 'WARNING'):
                page = self.url_open(self._url(suffix), data={'text': "x"}, method='POST')
                self.assertEqual(page.status_code, 400)
        self.assertEqual(self.request.state, 'new')

    def test_token_is_told_to_nobody(self):
        self.request.assigned_partner_id = self.outside
        for who in ('customer', 'colleague', 'outside party'):
            with self.subTest(who=who):
                self.assertNotIn(self.token, self._get(who).text)
        for user in (self.ann, self.cat):
            with self.subTest(user=user.login):
                mine = self.request.with_user(user)
                with self.assertRaises(AccessError):
                    mine.read(['access_token'])
                with self.assertRaises(AccessError):
                    mine.search([('access_token', '=like', self.token[:3] + '%')])
                self.assertNotIn(self.token, mine._get_share_url())
        self.assertIn(self.token, self.request._get_share_url())

    def test_what_colleagues_know_is_read_by_nobody_outside(self):
        self.request.assigned_partner_id = self.outside
        for user in (self.ann, self.cat):
            self.authenticate(user.login, user.login)
            for name in sorted(self.request._fields):
                with self.subTest(user=user.login, field=name):
                    allowed = name in self.request._outside_fields()
                    mine = self.request.with_user(user)
                    self.assertEqual(mine._has_field_access(mine._fields[name], 'read'), allowed)
            for name, allowed in (('name', True), ('solution', False), ('duration', False)):
                with self.subTest(user=user.login, field=name):
                    self.assertEqual(self._reads(name), allowed)

    def _reads(self, name):
        """Tell whether who is logged in reads a field of the request over the wire."""
        answer = self.url_open('/web/dataset/call_kw', json={'params': {
            'model': 'crm.request', 'method': 'read', 'args': [[self.request.id], [name]],
            'kwargs': {}}}).json()
        return 'result' in answer

    def test_link_of_a_mail_leads_to_the_page(self):
        link = f'/mail/view?model=crm.request&res_id={self.request.id}&access_token={self.token}'
        for who in ('customer', 'anonymous'):
            with self.subTest(who=who):
                self._come(who)
                page = self.url_open(link)
                self.assertEqual(page.url.split('?')[0].split('/my/')[-1],
                                 f'requests/{self.request.id}')
                self.assertIn("<b>long</b> story", page.text)

    # The outside party

    def test_outside_party_sees_its_turn_and_neither_notes_nor_prices(self):
        self._document_of_the_customer()
        self.request.message_post(
            body="Mind the margin.", message_type='comment', subtype_xmlid='mail.mt_note')
        self.request.assigned_partner_id = self.outside
        page = self._get('outside party').text
        self.assertIn("It is your turn", page)
        for secret in (self.order_acorn.name, "100.00", "Mind the margin", "It is solved"):
            self.assertNotIn(secret, page)
        self.assertIn("Somebody else must act", self._get('customer').text)

    def test_outside_party_finds_what_waits_for_it(self):
        self.request.assigned_partner_id = self.outside
        self._come('outside party')
        for filterby, names in (
                ('assigned', [self.request.number]), ('turn', [self.request.number]),
                ('pending', [self.request.number, self.other.number])):
            text = self.url_open(f'/my/requests?filterby={filterby}').text
            with self.subTest(filterby=filterby):
                for record in self.request + self.other:
                    self.assertEqual(record.number in text, record.number in names)

    def test_outside_party_answers_and_gives_the_turn_back(self):
        self.request.assigned_partner_id = self.outside
        self._assert_led_back(self._post('outside party', '/answer', text="It is <b>sent</b>."),
                              'answered')
        self.assertRecordValues(self._comments(), [{
            'author_id': self.outside.id, 'message_type': 'comment'}])
        self.assertIn("&lt;b&gt;sent", self._comments().body)
        self.assertEqual(self.request.state, 'open')

    def test_outside_party_and_employee_do_not_act_for_the_customer(self):
        self.request.assigned_partner_id = self.outside
        self.request.user_id = self.colleague
        for who in ('outside party', 'employee'):
            for suffix in ('/close', '/reopen', '/rate'):
                with self.subTest(who=who, route=suffix):
                    self._assert_led_back(self._post(who, suffix, rate='5'), 'refused')
        self.assertEqual(self.request.state, 'waiting')
        self.assertFalse(self.request.rating_ids)

    def test_outside_party_that_is_relieved_sees_nothing_more(self):
        self.request.assigned_partner_id = self.outside
        self.assertEqual(self._get('outside party').status_code, 200)
        self.request.assigned_partner_id = False
        self._assert_turned_away(self._get('outside party'))

    # What the customer does

    def test_customer_closes_with_a_word(self):
        for who, author in (
                ('customer', self.ann.partner_id), ('colleague', self.ben.partner_id),
                ('token', self.ann.partner_id)):
            self.request.state = 'open'
            self.request.message_ids.filtered(
                lambda message: message.message_type == 'auto_comment').unlink()
            with self.subTest(who=who):
                self._assert_led_back(
                    self._post(who, '/close', text="Many <thanks>."), 'closed')
                self.assertRecordValues(self.request, [{
                    'state': 'closed', 'closed_by': 'customer'}])
                self.assertRecordValues(self._comments(), [{'author_id': author.id}])
                self.assertIn("Many &lt;thanks&gt;.", self._comments().body)

    def test_closed_request_is_not_closed_again(self):
        self._post('customer', '/close')
        closed = self.request.date_closed
        with freeze_time(datetime.now() + timedelta(hours=1)):
            self._assert_led_back(self._post('customer', '/close', text="x"), 'refused')
        self.assertEqual(self.request.date_closed, closed)
        self.assertFalse(self._comments())

    def test_customer_takes_it_up_again_within_the_days_of_the_type(self):
        with freeze_time('2026-03-02 09:00:00'):
            self.request.action_close()
        self.request.type_id.reopen_days = 14
        with freeze_time('2026-03-20 09:00:00'):
            self._assert_led_back(self._post('customer', '/reopen', text="No."), 'refused')
            self.assertEqual(self.request.state, 'closed')
        with freeze_time('2026-03-10 09:00:00'):
            self._assert_led_back(self._post('customer', '/reopen', text="No."), 'reopened')
        self.assertRecordValues(self.request, [{'state': 'open', 'reopen_count': 1}])
        self.assertIn("No.", self._comments().body)

    def test_request_that_is_pending_is_not_taken_up_again(self):
        self._assert_led_back(self._post('customer', '/reopen', text="x"), 'refused')
        self.assertEqual(self.request.reopen_count, 0)

    def test_customer_of_ours_acts_by_a_link_that_was_handed_on_to_him(self):
        page = self._post('other customer', '/close', access_token=self.token)
        self._assert_led_back(page, 'closed')
        self.assertIn(f'access_token={self.token}', page.headers['Location'])

    def test_merged_request_leads_on_and_is_left_alone(self):
        survivor = self._create_request(partner_id=self.ann.partner_id.id)
        self.request.write({'state': 'cancelled', 'merged_into_id': survivor.id})
        self.assertIn(survivor.number, self._get('customer').text)
        for suffix in ('/close', '/reopen', '/answer'):
            with self.subTest(route=suffix):
                self._assert_led_back(self._post('customer', suffix, text="x"), 'refused')

    def test_customer_answers_with_a_file(self):
        self.request.action_wait()
        self._post('token', '/answer', text="Here it is.", files=[
            ('files', ('../photo.pdf', PDF, 'application/pdf'))])
        self.assertRecordValues(self._comments(), [{'author_id': self.ann.partner_id.id}])
        self.assertEqual(self._comments().attachment_ids.mapped('name'), ['photo.pdf'])
        self.assertEqual(self.request.state, 'open')

    def test_answer_that_is_empty_or_carries_a_program_is_refused(self):
        for text, files in (
                ("", None), ("  ", None), ("x" * 10_001, None),
                ("Look", [('files', ('setup.exe', b'MZ', 'application/pdf'))])):
            with self.subTest(text=text[:5]):
                self._assert_led_back(
                    self._post('customer', '/answer', text=text, files=files), 'refused')
        self.assertFalse(self._comments())

    def test_stranger_with_the_token_answers_in_his_own_name(self):
        request = self._create_request(partner_id=False, email_from='"Mary" <mary@example.com>')
        token = request._portal_ensure_token()
        with patch.object(type(self), 'token', token):
            page = self._get('token', record=request.id)
            self.assertIn('name="text"', page.text)
            self._post('token', '/answer', record=request.id, text="It is blue.")
        answer = self._comments(request)
        self.assertRecordValues(answer, [{
            'author_id': False, 'email_from': '"Mary" <mary@example.com>'}])

    def test_customer_rates_once_after_the_closing(self):
        self._assert_led_back(self._post('customer', '/rate', rate='5'), 'refused')
        self.request.action_close()
        for rate in ('0', '4', '10', 'x', ''):
            with self.subTest(rate=rate):
                self._assert_led_back(self._post('customer', '/rate', rate=rate), 'refused')
        page = self._post('customer', '/rate', rate='3')
        rating = self.request.rating_ids
        self.assertURLEqual(page.headers['Location'], f'/rate/{rating.access_token}/3')
        self.assertEqual(self.url_open(page.headers['Location']).status_code, 200)
        self.request.rating_apply(3, rating=rating)
        self._assert_led_back(self._post('customer', '/rate', rate='5'), 'refused')
        self.assertEqual(self.request.state, 'closed')

    # The link in a mail

    def test_link_closes_by_a_button_and_not_by_itself(self):
        link = self.request._closing_url()
        self._come('anonymous')
        page = self.url_open(link)
        self.assertIn(self.request.number, page.text)
        self.assertEqual(self.request.state, 'new')
        self.assertIn("request is closed", self._answer_link(link, "solved").text)
        self.assertRecordValues(self.request, [{'state': 'closed', 'closed_by': 'customer'}])
        self.assertIn("take the request up again", self._answer_link(link, "not_solved").text)
        self.assertEqual(self.request.state, 'open')

    def test_link_that_is_wrong_or_too_old_tells_nothing(self):
        with freeze_time('2026-03-02 09:00:00'):
            old = self.request._closing_url()
        link = self.request._closing_url()
        env = self.env['crm.request'].sudo().env
        signed = hash_sign(env, 'another scope', [self.request.id, self.ann.partner_id.id])
        start, token = link.split('?token=')
        links = [
            old, start, f'{start}?token=', f'{start}?token=x', f'{start}?token=%C3%BC',
            f'{start}?token={token[:-3]}', f'{start}?token={signed}', f'{start}?token={self.token}',
            link.replace(f'/{self.request.id}/', f'/{self.other.id}/'),
            link.replace(f'/{self.request.id}/', f'/{self.missing}/')]
        self._come('anonymous')
        for wrong in links:
            with self.subTest(link=wrong):
                page = self.url_open(wrong)
                self.assertIn("does not work", page.text)
                self.assertNotIn("INF/", page.text)
                self.assertIn("does not work", self._answer_link(wrong, "solved").text)
        self.assertEqual((self.request + self.other).mapped('state'), ['new', 'new'])

    def test_link_of_a_former_customer_does_not_work(self):
        link = self.request._closing_url()
        self.request.partner_id = self.birch
        self._come('anonymous')
        self.assertIn("does not work", self._answer_link(link, "solved").text)
        self.assertEqual(self.request.state, 'new')

    # What the page tells

    def test_customer_sees_what_came_of_it_and_only_that(self):
        self._document_of_the_customer()
        self.order_birch.crm_request_id = self.request
        self.order_birch.action_confirm()
        draft = self._create_bill(self.acorn, post=False, crm_request_id=self.request.id)
        page = self._get('customer').text
        self.assertIn(self.order_acorn.name, page)
        self.assertNotIn(self.order_birch.name, page)
        self.assertEqual(self.request.sudo()._portal_documents(), [self.order_acorn])
        draft.action_post()
        self.request.invalidate_recordset()
        self.assertEqual(self.request.sudo()._portal_documents(), [self.order_acorn, draft])

    def test_customer_sees_until_when_he_is_answered(self):
        self.env.cr.flush()
        [deadline] = self.request._portal_deadlines().values()
        self.assertGreater(deadline, self.request.process_deadline, "somebody takes it up first")
        self.assertIn("We answer by", self._get('customer').text)
        with freeze_time(deadline + timedelta(days=1)):
            self.assertIn("We are sorry", self._get('customer').text)

    def test_own_fields_are_told_in_words(self):
        self.request.type_id.properties_definition = [
            {'name': 'place', 'string': "Place", 'type': 'selection',
             'selection': [['site', "At our site"]]},
            {'name': 'still', 'string': "Stands Still", 'type': 'boolean'},
            {'name': 'lost', 'string': "Lost", 'type': 'boolean'},
            {'name': 'empty', 'string': "Nothing", 'type': 'char'},
            {'name': 'count', 'string': "Count", 'type': 'integer'},
            {'name': 'tags', 'string': "Languages", 'type': 'tags',
             'tags': [['en', "English", 1], ['ga', "Irish", 2]]},
        ]
        self.request.properties = {
            'place': 'site', 'still': True, 'count': 7, 'tags': ['en', 'ga']}
        self.assertEqual(self.request._portal_details(), [
            ("Place", 'selection', "At our site"), ("Stands Still", 'boolean', "Yes"),
            ("Count", 'integer', 7), ("Languages", 'tags', "English, Irish")])

    def test_files_of_notes_are_not_for_outside(self):
        public, secret, own = self._create_files()
        self.assertEqual(self.request._portal_attachments(), public + own)
        for attachment, status in ((public, 200), (own, 200), (secret, 303)):
            for who in ('customer', 'token'):
                with self.subTest(file=attachment.name, who=who):
                    page = self._get(who, f'/file/{attachment.id}')
                    self.assertEqual(page.status_code, status)
        for who in STRANGERS:
            with self.subTest(who=who):
                self._assert_turned_away(self._get(who, f'/file/{public.id}'))

    def test_file_of_another_document_is_not_sent(self):
        other = self.env['ir.attachment'].create({
            'name': "other.pdf", 'raw': PDF, 'res_model': 'crm.request', 'res_id': self.other.id})
        self._assert_turned_away(self._get('customer', f'/file/{other.id}'))

    # The list

    def test_home_shows_the_requests_before_there_is_one(self):
        self._come('customer')
        self.request.sudo().unlink()
        self.assertIn('href="/my/requests"', self.url_open('/my').text)
        self.assertIn("no pending request", self.url_open('/my/requests').text)

    def test_home_counts_what_waits(self):
        self.request.action_wait()
        self._come('customer')
        counts = self.make_jsonrpc_request(
            '/my/counters', {'counters': ['request_count', 'request_turn_count']})
        self.assertEqual(counts, {'request_count': 1, 'request_turn_count': 1})

    def test_list_shows_the_company_its_own(self):
        for who, seen in (
                ('customer', self.request), ('colleague', self.request),
                ('other customer', self.other)):
            self._come(who)
            text = self.url_open('/my/requests?filterby=all').text
            with self.subTest(who=who):
                for record in self.request + self.other:
                    self.assertEqual(record.number in text, record in seen)
        self._come('anonymous')
        self.assertIn('/web/login', self.url_open('/my/requests').url)

    def test_hand_typed_arguments_are_never_an_error(self):
        self._come('customer')
        for query in (
                'sortby=x', 'filterby=x', 'groupby=x', 'search_in=x&search=a', 'sortby=',
                'search=%25&search_in=number', 'search=%00', 'page=-1', 'sortby=name&sortby=x'):
            for path in ('', '/page/1', '/page/999'):
                with self.subTest(query=query, path=path):
                    page = self.url_open(f'/my/requests{path}?{query}')
                    self.assertEqual(page.status_code, 200)

    def test_list_is_sorted_searched_and_grouped(self):
        help_ = self._create_request(
            'help', name="A zebra", partner_id=self.acorn.id, date_received='2026-01-01')
        self._come('customer')

        def shown(query, filterby='all'):
            text = self.url_open(f'/my/requests?filterby={filterby}&{query}').text
            found = (self.request + help_).filtered(lambda record: record.number in text)
            return sorted(found.mapped('number'), key=text.index), text

        numbers = [self.request.number, help_.number]
        self.assertEqual(shown('sortby=date')[0], numbers)
        self.assertEqual(shown('sortby=oldest')[0], numbers[::-1])
        self.assertEqual(shown('sortby=name')[0], numbers[::-1])
        self.assertEqual(shown('search=zebra')[0], [help_.number])
        part = self.request.number[:-1]
        self.assertEqual(shown(f'search={part}&search_in=number')[0], numbers[:1])
        self.assertEqual(shown(f'search={part}&search_in=name')[0], [])
        self.assertEqual(shown('', 'closed')[0], [])
        self.assertIn(self.types['help'].name, shown('groupby=type')[1])
        self.assertIn("New</th>", shown('groupby=state')[1].replace('\n', ''))

    def test_list_of_many_costs_as_much_as_a_list_of_few(self):
        self._come('customer')
        self._create_many(5)
        self.url_open('/my/requests?groupby=type')
        few = self._statements('/my/requests?groupby=type')
        self.assertGreater(few, 5, "nothing was counted")
        self._create_many(70)
        self.assertLessEqual(self._statements('/my/requests?groupby=type'), few)

    def test_pages_are_read_without_writing(self):
        self._document_of_the_customer()
        self.request.access_token = False
        for who, path in (
                ('customer', '/my/requests'), ('customer', self._url()),
                ('anonymous', self.request._closing_url())):
            self._come(who)
            with self.subTest(path=path), self.assertNoLogs('odoo.http', 'WARNING'):
                self.assertEqual(self.url_open(path).status_code, 200)
        self.request.invalidate_recordset()
        self.assertFalse(self.request.access_token)

    def _create_many(self, count):
        types = [self.types[name].id for name in ('information', 'help', 'complaint')]
        self.env['crm.request'].create([{
            'name': f"Question {number}", 'type_id': types[number % 3],
            'partner_id': self.ann.partner_id.id} for number in range(count)])
        self.env.cr.flush()

    def _statements(self, path):
        """Return how many statements a page costs once it is warm."""
        self.url_open(path)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.url_open(path).status_code, 200)
        return self.env.cr.sql_log_count - before

    def _document_of_the_customer(self):
        self.order_acorn.crm_request_id = self.request
        self.order_acorn.action_confirm()

    def _create_files(self):
        """Return a file of an answer, one of a note, and one that the customer sent."""
        files = self.env['ir.attachment'].create([
            {'name': name, 'raw': PDF, 'res_model': 'crm.request', 'res_id': self.request.id}
            for name in ('answer.pdf', 'note.pdf')])
        for attachment, subtype in zip(files, ('mail.mt_comment', 'mail.mt_note'), strict=True):
            self.request.message_post(
                body="Look", message_type='comment', subtype_xmlid=subtype,
                attachment_ids=attachment.ids)
        self.request.with_user(self.ann)._attach_from_web([('own.pdf', PDF)])
        own = self.env['ir.attachment'].search(
            [('res_model', '=', 'crm.request'), ('name', '=', 'own.pdf')])
        return *files, own

    def _answer_link(self, link, answer):
        page = self.url_open(f"/requests/new/{self.types['information'].id}")
        path, _mark, token = link.partition('?token=')
        return self.url_open(path, data={
            'csrf_token': self._hidden(page, 'csrf_token'), 'answer': answer,
            **({'token': token} if token else {})}, method='POST')

    def _comments(self, record=None):
        return (record or self.request).message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref('mail.mt_comment'))
