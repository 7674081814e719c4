import re

from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon

HOME, ACCOUNT = '/my/home', '/my/account-status'


@tagged('post_install', '-at_install')
class TestPortalBlock(SelfServiceCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.right = cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)])

    def _block(self, code):
        return self.env.ref(f'crm_selfservice_portal.crm_portal_block_{code}')

    def _page(self, path, user=None):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path).text

    def _cards(self, user=None):
        """Return to which pages the cards of the home page lead."""
        page = self._page(HOME, user)
        return set(re.findall(r'<a href="(/my/[a-z_/-]+)[^"]*" title', page))

    def _sections(self, user=None):
        return set(re.findall(
            r'aria-labelledby="(account_\w+)"|id="(call-back)"', self._page(ACCOUNT, user)))

    def _only(self, *names):
        self.right.write({
            field: field.removeprefix('can_') in names
            for field in self.right._fields if field.startswith('can_')})

    def test_everything_is_shown_to_who_may_everything(self):
        self._only('view', 'buy', 'pay', 'request', 'technical', 'administer')
        # Ways to pay are there when a provider is; the other cards are hidden from nobody.
        blocks = self.env['crm.portal.block'].search(
            [('place', '=', 'home')]) - self._block('payment_methods')
        self.assertLessEqual(set(blocks.mapped('url')), self._cards())

    def test_rights_decide_what_is_shown(self):
        for right, shown, hidden in (
                ('buy', {'/my/orders', '/my/quotation/new'},
                 {'/my/invoices', '/my/statement', '/my/requests', '/my/colleagues'}),
                ('pay', {'/my/invoices', '/my/statement', '/my/orders'},
                 {'/my/quotation/new', '/my/requests'}),
                ('administer', {'/my/colleagues'}, {'/my/orders'}),
                ('technical', {'/my/requests', '/my/documents', '/my/proposal/new'},
                 {'/my/orders', '/my/invoices', '/my/quotation/new'})):
            with self.subTest(right=right):
                self._only(right)
                cards = self._cards()
                self.assertLessEqual(shown, cards)
                self.assertFalse(hidden & cards)

    def test_who_may_nothing_sees_nothing_of_the_company(self):
        self._only()
        self.assertFalse(self._cards() & set(
            self.env['crm.portal.block'].search([]).mapped('url')))

    def test_rights_decide_what_the_account_page_shows(self):
        self._only('request')
        sections = {name or form for name, form in self._sections()}
        self.assertEqual(sections, {'account_requests', 'call-back'})
        self._only('pay')
        sections = {name or form for name, form in self._sections()}
        self.assertEqual(sections, {'account_balance', 'account_orders'})

    def test_blocks_are_hidden_from_a_customer(self):
        self.assertIn('/my/statement', self._cards())
        self.acorn.portal_hidden_block_ids = (
            self._block('statement') | self._block('account_orders') | self._block('call_back'))
        self.assertNotIn('/my/statement', self._cards())
        self.assertNotIn('/my/statement', self._cards(self.ben))
        self.assertIn('/my/statement', self._cards(self.bea))
        page = self._page(ACCOUNT)
        self.assertNotIn('account_orders', page)
        self.assertNotIn('call-back', page)
        self.assertIn('account_orders', self._page(ACCOUNT, self.bea))
        self.acorn.portal_hidden_block_ids = False
        self.assertIn('/my/statement', self._cards())

    def test_customers_are_set_on_the_block_too(self):
        self._block('orders').partner_ids = self.acorn
        self.assertFalse(self.ann._portal_shows('/my/orders'))
        self.assertFalse(self.ann._portal_shows('/my/orders?filterby=underway'))
        self.assertTrue(self.bea._portal_shows('/my/orders'))
        self._block('orders').needs = 'administer'
        self.assertFalse(self.bea._portal_shows('/my/orders'))

    def test_everything_is_shown_to_employees(self):
        self._block('orders').needs = 'administer'
        self.assertTrue(self.colleague._portal_shows('/my/orders'))

    def test_what_is_not_described_is_shown(self):
        self.assertTrue(self.ann._portal_shows('/my/something'))
        self.assertTrue(self.ann._portal_shows(None))

    def test_unlinked_block_hides_nothing(self):
        self._block('orders').partner_ids = self.acorn
        self.assertFalse(self.ann._portal_shows('orders'))
        self._block('orders').sudo().unlink()
        self.assertTrue(self.ann._portal_shows('orders'))

    def test_pages_of_hidden_blocks_are_open(self):
        self.acorn.portal_hidden_block_ids = self._block('statement')
        self.authenticate('ann', 'ann')
        self.assertEqual(self.url_open('/my/statement').status_code, 200)

    def test_what_is_hidden_costs_no_query_twice(self):
        self.ann._portal_shows('orders')
        with self.assertQueryCount(0):
            self.ann._portal_shows('statement')

    def test_who_changes_what(self):
        block = self._block('orders')
        for user, may in ((self.roles['service_representative'], False),
                          (self._create_user('service_supervisor'), True)):
            self.assertEqual(block.with_user(user).has_access('write'), may)
        self.assertFalse(block.with_user(self.ann).has_access('read'))
        self.assertFalse(self.acorn.with_user(self.ann)._has_field_access(
            self.acorn._fields['portal_hidden_block_ids'], 'read'))
