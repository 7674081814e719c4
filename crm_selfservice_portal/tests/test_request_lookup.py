from odoo.tests import freeze_time, tagged
from odoo.tools import hash_sign

from .common_request import RequestPortalCommon

NOON = '2026-03-02 12:00:00'


@tagged('post_install', '-at_install')
class TestRequestLookup(RequestPortalCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOON))
        cls.request.description = "<p>It should have come on Monday.</p>"
        cls.foreign = cls._create_request(
            partner_id=cls.bea.partner_id.id, name="Not for Ann")
        cls.lookups = cls.env['crm.request.lookup']
        cls.lookups.search([]).unlink()

    def _ask(self, number=None, email='ann@example.com'):
        return self._post('/requests/find', number=number or self.request.number, email=email)

    def _answer(self):
        """Have the wishes answered, and return the mails that came of it."""
        before = self.env['mail.mail'].search([])
        with self.enter_registry_test_mode():
            self.env.ref('crm_selfservice_portal.ir_cron_request_lookup').method_direct_trigger()
        return self.env['mail.mail'].search([]) - before

    def _link(self, **given):
        """Return the link that Ann is mailed."""
        self._ask(**given)
        self._answer()
        return self.lookups.search([], limit=1)._url().split('/requests/')[1]

    def _open(self, link):
        """Open a link by its button, as a browser that has been nowhere."""
        self._come()
        return self._send(f'/requests/{link}')

    # Who is mailed a link

    def test_link_goes_to_every_address_of_the_request_and_nowhere_else(self):
        self.request.email_from = '"Ann at Home" <home@example.com>'
        for email, count in (
                ('ann@example.com', 1), ('ANN@example.com', 1), ('acorn@example.com', 1),
                ('home@example.com', 1), ('ben@example.com', 0), ('bea@example.com', 0),
                ('stranger@example.com', 0)):
            with self.subTest(email=email):
                self._ask(email=email)
                mails = self._answer()
                self.assertEqual(mails.mapped('email_to'), [email.lower()] * count)
                for mail in mails:
                    self.assertIn('/requests/open/', mail.body_html)
                    self.assertIn(self.request.number, mail.subject)

    def test_number_is_found_as_people_type_it(self):
        for number in (self.request.number.lower(), f' {self.request.number} '):
            with self.subTest(number=number):
                self._ask(number)
                self.assertEqual(len(self._answer()), 1)

    def test_what_nobody_was_told_of_is_not_found(self):
        self.request.message_unsubscribe(self.request.message_partner_ids.ids)
        self.request.channel = 'rule'
        self._ask()
        self.assertFalse(self._answer())
        self.request.message_subscribe(self.ann.partner_id.ids)
        self._ask()
        self.assertEqual(len(self._answer()), 1)

    def test_merged_request_leads_to_the_one_that_goes_on(self):
        survivor = self._create_request()
        self.request.write({'state': 'cancelled', 'merged_into_id': survivor.id})
        self._ask()
        self._answer()
        self.assertEqual(self.lookups.search([]).request_id, survivor)
        self.lookups.search([]).unlink()
        survivor.partner_id = self.bea.partner_id
        self._ask()
        self._answer()
        self.assertEqual(self.lookups.search([]).request_id, self.request)

    def test_wish_is_answered_once(self):
        self._ask()
        self.assertEqual(len(self._answer()), 1)
        self.assertFalse(self._answer())

    def test_what_was_asked_for_in_vain_is_forgotten_and_so_are_old_links(self):
        self._ask(number='INF/1999/00001')
        self._ask()
        self._answer()
        self.assertEqual(self.lookups.search([]).request_id, self.request)
        with freeze_time('2026-03-05 12:00:00'):
            self.lookups._gc_old()
        self.assertFalse(self.lookups.search([]))

    # The same answer

    def test_page_answers_alike_and_does_the_same_whatever_there_is(self):
        answers, costs = set(), {}
        cases = {
            'own': (self.request.number, 'ann@example.com'),
            'foreign': (self.foreign.number, 'ann@example.com'),
            'missing': ('INF/1999/00001', 'ann@example.com'),
            'unknown': ('INF/1999/00001', 'nobody@example.com'),
        }
        for name, (number, email) in cases.items():
            page = self._ask(number, email)
            answers.add((page.status_code, page.headers['Location'], page.content))
            costs[name] = self._count_statements(
                self.lookups.with_user(self.env.ref('base.public_user'))._ask, number, email)
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(set(costs.values())), 1, costs)

    def test_page_that_says_so_is_the_same(self):
        self._ask()
        own = self.url_open('/requests/find?sent=1').text
        self._ask(self.foreign.number)
        self.assertEqual(
            *(text.replace(self._csrf(text), '') for text in (
                own, self.url_open('/requests/find?sent=1').text)))
        self.assertNotIn(self.request.number, own)

    def test_form_that_is_not_filled_in_is_shown_again(self):
        for number, email in ((' ', 'ann@example.com'), ('\x00', 'ann@example.com'),
                              ('INF', 'ann'), ('INF', 'a@b.com, ann@example.com'), ('INF', '')):
            with self.subTest(number=number, email=email):
                page = self._post('/requests/find', number=number, email=email)
                self.assertEqual(page.status_code, 200)
                self.assertIn('is-invalid', page.text)
        self.assertFalse(self.lookups.search([]))

    def test_who_asks_too_often_is_slowed_down(self):
        for kind, emails in (
                ('address', ['a@example.com', 'b@example.com', 'c@example.com']),
                ('mail', ['ann@example.com'] * 3)):
            with self.subTest(kind=kind):
                self.env['crm.web.rate'].search([]).unlink()
                self.lookups.search([]).unlink()
                parameter = f'crm_service_requests.web_limit_{kind}'
                self.env['ir.config_parameter'].set_param(parameter, '2')
                pages = [self._ask(email=email) for email in emails]
                self.env['ir.config_parameter'].set_param(parameter, '0')
                self.assertEqual([page.status_code for page in pages], [303, 303, 200])
                self.assertIn("too many requests", pages[-1].text)
                self.assertEqual(len(self.lookups.search([])), 2)

    # What the link opens

    def test_link_opens_the_page_where_the_customer_answers_closes_and_rates(self):
        self.request.message_post(
            body="It is on the lorry.", message_type='comment', subtype_xmlid='mail.mt_comment')
        self.request.message_post(
            body="Mind the margin.", message_type='comment', subtype_xmlid='mail.mt_note')
        page = self._open(self._link())
        self.assertURLEqual(page.headers['Location'], f'/my/requests/{self.request.id}')
        url = f'/my/requests/{self.request.id}'
        text = self.url_open(url).text
        for words in (
                "It should have come", "It is on the lorry.", "We mean to have it solved by",
                "Received"):
            self.assertIn(words, text)
        for words in ("Mind the margin.", self.request._portal_ensure_token(),
                      'o_portal_chatter'):
            self.assertNotIn(words, text)
        self.assertIn('done=answered', self._send(f'{url}/answer', text="Good.").headers[
            'Location'])
        self.assertIn("Good.", self.url_open(url).text)
        self.assertIn('done=closed', self._send(f'{url}/close').headers['Location'])
        self.assertRecordValues(self.request, [{'state': 'closed', 'closed_by': 'customer'}])
        self.assertIn('/rate/', self._send(f'{url}/rate', rate='5').headers['Location'])

    def test_page_of_the_link_writes_nothing_and_asks_first(self):
        link = self._link()
        for _attempt in range(2):
            self._come()
            page = self.url_open(f'/requests/{link}')
            self.assertIn("Open the Request", page.text)
            self.assertEqual(page.headers['Referrer-Policy'], 'no-referrer')
        self.assertFalse(self.lookups.search([]).date_opened)
        self._turned_away()

    def test_used_old_and_wrong_links_answer_alike_and_offer_a_new_one(self):
        used, late = self._link(), self._link()
        self._open(used)
        moved = self._link(number=self.foreign.number, email='bea@example.com')
        self.foreign.write(
            {'partner_id': self.ann.partner_id.id, 'email_from': 'ann@example.com'})
        links = {'used': used, 'late': late, 'moved': moved, 'wrong': 'open/wrong',
                 'cut': late[:-4], 'other': self._foreign_token()}
        answers = set()
        for name, link in links.items():
            with self.subTest(link=name), freeze_time(
                    '2026-03-03 12:00:01' if name == 'late' else NOON):
                self._come()
                page = self.url_open(f'/requests/{link}')
                self.assertIn("Ask for a New Link", page.text)
                self.assertNotIn("Not for Ann", page.text)
                opened = self._open(link)
                self.assertEqual(opened.status_code, 200)
                answers.add(opened.text.replace(self._csrf(opened.text), ''))
        self.assertEqual(len(answers), 1)

    def _foreign_token(self):
        """Return a token that was signed for something else."""
        lookup = self.lookups.search([], limit=1)
        return 'open/' + hash_sign(
            self.env, 'crm_request_close', [lookup.id, lookup.email_normalized],
            expiration_hours=1)

    def test_link_is_no_token_for_anything_else(self):
        token = self._link().split('/')[1]
        self._come()
        for url in (f'/requests/{self.request.id}/close?token={token}',
                    f'/requests/prove/{token}'):
            self.assertNotIn(self.request.number, self.url_open(url).text)
        page = self._get(f'/my/requests/{self.request.id}?access_token={token}')
        self.assertURLEqual(page.headers['Location'], '/my')
        closing = self.request._closing_url().split('token=')[1]
        self.assertIn("Ask for a New Link", self.url_open(f'/requests/open/{closing}').text)

    def test_link_opens_its_request_only_and_only_where_it_was_opened(self):
        self._open(self._link())
        self.assertEqual(self.url_open(f'/my/requests/{self.request.id}').status_code, 200)
        other = self.url_open(f'/my/requests/{self.foreign.id}', allow_redirects=False)
        self.assertURLEqual(other.headers['Location'], '/my')
        self._turned_away()

    def _turned_away(self):
        page = self._get(f'/my/requests/{self.request.id}')
        self.assertURLEqual(page.headers['Location'], '/my')

    def test_page_that_was_opened_is_over_with_the_link(self):
        self._open(self._link())
        url = f'/my/requests/{self.request.id}'
        with freeze_time('2026-03-03 12:00:01'):
            self.assertURLEqual(
                self.url_open(url, allow_redirects=False).headers['Location'],
                '/requests/find?over=1')
            page = self._send(f'{url}/answer', text="Too late")
            self.assertURLEqual(page.headers['Location'], '/requests/find?over=1')
            self.assertIn("does not work any more", self.url_open('/requests/find?over=1').text)
        self.request.write(
            {'partner_id': self.bea.partner_id.id, 'email_from': 'bea@example.com'})
        self.assertURLEqual(
            self.url_open(url, allow_redirects=False).headers['Location'],
            '/requests/find?over=1')

    def test_clicking_the_link_again_in_the_same_browser_leads_to_the_page(self):
        link = self._link()
        self._open(link)
        page = self.url_open(f'/requests/{link}', allow_redirects=False)
        self.assertURLEqual(page.headers['Location'], f'/my/requests/{self.request.id}')

    # In the portal

    def test_number_jumps_to_ones_own_request(self):
        page = self._get(f'/my/requests/find?number={self.request.number.lower()}', self.ben)
        self.assertURLEqual(page.headers['Location'], f'/my/requests/{self.request.id}')
        self.assertIn('action="/my/requests/find"', self._get('/my/requests', self.ben).text)

    def test_foreign_number_is_like_one_that_does_not_exist(self):
        missing = self.foreign.number[:-5] + '99999'
        pages = [self._get(f'/my/requests/find?number={number}', self.ann)
                 for number in (self.foreign.number, missing)]
        self.assertEqual(
            *(page.headers['Location'].replace(number.replace('/', '%2F'), '')
              for page, number in zip(pages, (self.foreign.number, missing), strict=True)))
        self.assertIn("Nothing was found", self.url_open(pages[0].headers['Location']).text)
