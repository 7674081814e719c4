from odoo.tests import freeze_time, tagged
from odoo.tests.common import warmup

from .common_request import RequestPortalCommon


@tagged('post_install', '-at_install')
class TestRequestSimilar(RequestPortalCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"/requests/new/{cls.types['information'].id}"

    def _similar(self, subject, user=None):
        return self.requests.with_user(user or self.ann)._similar_to(subject)

    def _send_form(self, user=None, **given):
        self._come(user or self.ann)
        stamp = self._hidden(self.url_open(self.url), 'stamp')
        return self._send(self.url, **{
            'stamp': stamp, 'subject': "My bench, where is it?", 'text': "Please look.", **given})

    def _made(self):
        return self.requests.search([('name', '=', "My bench, where is it?")])

    def test_like_words_are_found_in_any_order_and_case(self):
        for subject, found in (
                ("Where is my bench?", True), ("bench, where is my BENCH", True),
                ("Where is my bensh", True), ("Bill of January", False), ("", False),
                ("is my", False), ("%%%% ____", False)):
            with self.subTest(subject=subject):
                self.assertEqual(bool(self._similar(subject)), found)

    def test_likest_comes_first_and_only_what_is_pending(self):
        other = self._create_request(name="Where is my new bench lamp?")
        self.assertEqual(self._similar("Where is my bench?"), self.request + other)
        self.request.action_close()
        self.assertEqual(self._similar("Where is my bench?"), other)

    def test_what_others_asked_is_not_told(self):
        self.assertFalse(self._similar("Where is my bench?", self.bea))
        self.assertEqual(self._similar("Where is my bench?", self.ben), self.request)
        self._give('buy', 'technical', scope='own')
        self.request.partner_id = self.ben.partner_id
        self.assertFalse(self._similar("Where is my bench?"))

    @warmup
    def test_many_requests_cost_as_much_as_few(self):
        def look():
            self._similar("Where is my bench?").mapped('name')

        few = self._count_statements(look)
        for number in range(40):
            self._create_request(name=f"Where is my bench {number}?")
        self.assertLessEqual(self._count_statements(look), few)

    def test_form_asks_first_whether_it_is_one_of_them(self):
        page = self._send_form()
        self.assertEqual(page.status_code, 200)
        self.assertIn("Is it one of these?", page.text)
        self.assertIn(f'href="/my/requests/{self.request.id}"', page.text)
        self.assertIn("Please look.", page.text)
        self.assertFalse(self._made())
        self._send_form(seen=self._hidden(page, 'seen'), stamp=self._hidden(page, 'stamp'))
        self.assertEqual(len(self._made()), 1)

    def test_what_was_looked_through_may_be_sent_at_once(self):
        self.env['ir.config_parameter'].set_param('crm_service_requests.web_fill_seconds', '5')
        self._come(self.ann)
        with freeze_time('2026-03-02 09:00:00'):
            stamp = self._hidden(self.url_open(self.url), 'stamp')
        given = {'subject': "My bench, where is it?", 'text': "Please look."}
        with freeze_time('2026-03-02 09:00:10'):
            page = self._send(self.url, stamp=stamp, **given)
        with freeze_time('2026-03-02 09:00:12'):
            self._send(self.url, **given, seen=self._hidden(page, 'seen'),
                       stamp=self._hidden(page, 'stamp'))
        self.assertEqual(len(self._made()), 1)

    def test_what_is_not_like_anything_is_sent_at_once(self):
        self._send_form(subject="Bill of January")
        self.assertTrue(self.requests.search([('name', '=', "Bill of January")]))

    def test_piece_of_the_page_tells_only_ones_own(self):
        for user, told in ((self.ben, True), (self.bea, False)):
            page = self._get('/my/requests/similar?subject=Where+is+my+bench', user)
            with self.subTest(user=user.login):
                self.assertEqual(page.status_code, 200)
                self.assertEqual(self.request.number in page.text, told)
        page = self._get('/my/requests/similar?subject=bench')
        self.assertIn('/web/login', page.headers['Location'])

    def test_strangers_are_not_asked(self):
        self._come()
        page = self.url_open(self.url)
        self.assertNotIn('crm_request_similar', page.text)
        self._send(self.url, stamp=self._hidden(page, 'stamp'), subject="Where is my bench?",
                   text="x", name="Mary", email='mary@example.com')
        self.assertTrue(self.requests.sudo().search(
            [('email_normalized', '=', 'mary@example.com')]))
