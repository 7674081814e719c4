import re

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon

URL = '/my/colleagues'


@tagged('post_install', '-at_install')
class TestColleaguesPortal(SelfServiceCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env['crm.representative.right']
        cls.anns, cls.bens, cls.beas = (
            cls.rights.search([('partner_id', '=', user.partner_id.id)])
            for user in (cls.ann, cls.ben, cls.bea))
        cls.anns.role = 'administrator'

    def _page(self, user, path=URL):
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def _post(self, user, path, csrf=True, **values):
        self.authenticate(user.login, user.login)
        if csrf:
            values['csrf_token'] = Request.csrf_token(self)
        return self.url_open(path, data=values, allow_redirects=False, method='POST')

    def _invite(self, email, **values):
        return self._post(self.ann, f'{URL}/new', **{
            'name': "Cora", 'email': email, 'can_view': '1', 'scope': 'company', **values})

    def test_an_administrator_sees_his_colleagues_and_no_others(self):
        page = self._page(self.ann).text
        for word in ("Ann", "(you)", "Ben", self.ben.email):
            self.assertIn(word, page)
        for word in ("Bea", self.bea.email, "Birch"):
            self.assertNotIn(word, page)
        self.assertIn(f'{URL}"', self._page(self.ann, '/my').text)
        self.assertNotIn(f'{URL}"', self._page(self.ben, '/my').text)

    def test_only_administrators_have_the_pages(self):
        for path in (
                URL, f'{URL}/page/2', f'{URL}/new', f'{URL}/{self.bens.id}', f'{URL}/acts'):
            with self.subTest(path=path):
                self.assertEqual(self._page(self.ann, path).status_code, 200)
                self.assertEqual(self._page(self.ben, path).status_code, 403)
                self.assertEqual(
                    self._page(self.roles['service_representative'], path).status_code, 404)
        for path in ('new', self.bens.id, f'{self.bens.id}/revoke', f'{self.bens.id}/invite'):
            with self.subTest(path=path):
                answer = self._post(self.ben, f'{URL}/{path}', name="C", email='c@example.com')
                self.assertEqual(answer.status_code, 403)

    def test_a_colleague_of_others_is_one_who_is_not_there(self):
        for path in ('{}', '{}/revoke', '{}/invite'):
            for right_id in (self.beas.id, 10 ** 9, 10 ** 20):
                with self.subTest(path=path, right=right_id):
                    answer = self._post(self.ann, f'{URL}/{path.format(right_id)}')
                    self.assertEqual(answer.status_code, 404)
        self.assertEqual(
            self._page(self.ann, f'{URL}/{self.beas.id}').text.count('Birch'), 0)

    def test_nothing_is_done_without_the_token_of_the_form(self):
        for path in ('new', self.bens.id, f'{self.bens.id}/revoke', f'{self.bens.id}/invite'):
            with self.subTest(path=path):
                self.assertEqual(
                    self._post(self.ann, f'{URL}/{path}', csrf=False).status_code, 400)
        self.assertTrue(self.ben.active)

    def test_rights_are_changed(self):
        self._page(self.ann, f'{URL}/{self.bens.id}')
        answer = self._post(
            self.ann, f'{URL}/{self.bens.id}', can_pay='1', scope='own', can_nonsense='1')
        self.assertEqual(answer.status_code, 303)
        self.assertEqual((self.bens.role, self.bens.scope), ('payer', 'own'))
        self.assertIn("Payer: Own Documents", self._page(self.ann, f'{URL}/acts').text)

    def test_a_changed_form_gives_nothing_one_has_not(self):
        self.anns.can_pay = False
        self.bens.role = 'viewer'
        for values in ({'can_pay': '1', 'scope': 'own'}, {'can_view': '1', 'scope': 'group'}):
            with self.subTest(values=values):
                self.assertEqual(
                    self._post(self.ann, f'{URL}/{self.bens.id}', **values).status_code, 403)
                self.assertEqual(self._invite('c@example.com', **values).status_code, 403)
        self.assertEqual(self.bens.role, 'viewer')
        self.assertNotIn('name="can_pay"', self._page(self.ann, f'{URL}/{self.bens.id}').text)

    def test_the_last_administrator_is_told_so_and_stays_one(self):
        answer = self._post(self.ann, f'{URL}/{self.anns.id}', can_view='1', scope='company')
        self.assertIn("You are the last administrator", answer.text)
        self.assertEqual(self.anns.role, 'administrator')
        answer = self._post(self.ann, f'{URL}/{self.anns.id}/revoke')
        self.assertIn("your own access", answer.text)
        self.assertTrue(self.ann.active)

    def test_who_may_do_more_is_not_changed(self):
        self.anns.can_pay = False
        page = self._page(self.ann, f'{URL}/{self.bens.id}').text
        self.assertIn("may do more than you", page)
        self.assertNotIn('crm_colleague_form', page)
        for path in ('', '/revoke', '/invite'):
            with self.subTest(path=path):
                answer = self._post(self.ann, f'{URL}/{self.bens.id}{path}', can_view='1')
                self.assertEqual(answer.status_code, 403)

    def test_access_is_taken_away_at_once_and_given_again(self):
        self.assertEqual(self._page(self.ben, '/my').status_code, 200)
        self.bens.with_user(self.ann)._revoke()
        self.assertIn('/web/login', self.url_open('/my').url)
        self._post(self.ann, f'{URL}/{self.bens.id}/invite')
        self.assertEqual(self._page(self.ben, '/my').status_code, 200)
        self.assertEqual(
            self._post(self.ann, f'{URL}/{self.bens.id}/revoke').status_code, 303)
        self.assertFalse(self.ben.active)
        self.assertIn("No access", self._page(self.ann).text)

    def test_an_invitation_to_a_foreign_address_is_answered_like_any_other(self):
        answers, pages = [], []
        for email in ('cora@example.com', self.bea.email, self.roles['order_manager'].email):
            answer = self._invite(email)
            answers.append((answer.status_code, answer.headers['Location']))
            listed = self.rights.search([], order='id DESC', limit=1)
            page = self._page(self.ann, f'{URL}/{listed.id}').text
            pages.append(re.sub(
                '[0-9]+', '#', page.split('<main')[1].split('</main')[0]
                .replace(email, 'EMAIL').replace(self._token(page), 'TOKEN')))
        self.assertEqual(len(set(answers)), 1)
        self.assertEqual(len(set(pages)), 1)
        self.assertIn("Invited", pages[0])
        self.assertFalse(listed.partner_id.user_ids)

    def _token(self, page):
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    def test_what_is_no_address_or_name_is_asked_for_again(self):
        for name, email in [
                ("", 'c@example.com'), ("C", 'nonsense'), ("C", ''), ("C" * 101, 'c@example.com'),
                ("C", "c@example.com, d@example.com")]:
            with self.subTest(name=name, email=email):
                answer = self._invite(email, name=name)
                self.assertEqual(answer.status_code, 200)
                self.assertIn("Enter the name and the e-mail address", answer.text)
        self.assertFalse(self.env['res.partner'].search([('email', '=', 'c@example.com')]))

    def test_what_is_typed_is_shown_as_text(self):
        name = "<script>alert(1)</script>' OR 1=1 --"
        self.assertEqual(self._invite('cora@example.com', name=name).status_code, 303)
        self.assertNotIn("<script>alert", self._page(self.ann).text)
        self.assertIn("&lt;script&gt;alert", self._page(self.ann).text)
        self.assertNotIn("<script>alert", self._page(self.ann, f'{URL}/acts').text)
        self.assertNotIn("<script>alert", self._invite('x', name=name).text)

    def test_acts_of_one_colleague(self):
        for user in (self.ann, self.ben, self.bea):
            self.env['crm.representative.act'].with_user(user)._note(
                'statement', self.acorn, f"note of {user.name}")
        page = self._page(self.ann, f'{URL}/acts').text
        self.assertIn("note of Ann", page)
        self.assertIn("note of Ben", page)
        self.assertNotIn("note of Bea", page)
        page = self._page(self.ann, f'{URL}/acts?colleague={self.bens.id}').text
        self.assertNotIn("note of Ann", page)
        self.assertIn("note of Ben", page)
        page = self._page(self.ann, f'{URL}/acts?colleague={self.beas.id}').text
        self.assertNotIn("note of Bea", page)

    def test_lists_cost_the_same_however_long_they_are(self):
        few = self._costs('few', 4)
        self.assertLessEqual(self._costs('many', 40), few)

    def _costs(self, name, number):
        """Return how many queries each list takes after so many colleagues more."""
        for index in range(number):
            user = self._create_portal_user(f'{name}{index}', self.acorn)
            self.env['crm.representative.act'].with_user(user)._note('statement', self.acorn)
        self._page(self.ann)
        return [self._count_statements(self.url_open, path) for path in (URL, f'{URL}/acts')]
