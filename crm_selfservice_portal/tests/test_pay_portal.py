from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .pay_common import URL, PayCommon


@tagged('post_install', '-at_install')
class TestPayPortal(PayCommon, HttpCase):
    """Choose and pay over HTTP: what is offered, what is refused, and what becomes of it."""

    def _checkout(self, *bills, user=None, **values):
        query = '&'.join(f'item=m{bill.id}' for bill in bills)
        for name, value in values.items():
            query += f'&{name}={value}'
        return self._open(
            user or self.ann, f'{URL}/checkout?account={self.account_name}&{query}')

    def test_what_is_open_is_shown(self):
        note = self._credit(30.0, '2025-01-15')
        order = self._order(500.0)
        paid = self._bill(11.11, '2025-01-10')
        self._pay(paid, '2025-01-11')
        theirs = self._bill(67.89, '2025-01-11', partner=self.birch)
        page = self._open(self.ann, URL).text
        for document in (*self.bills, note, order):
            self.assertIn(f'>{document.name}</label>', page)
        for document in (paid, theirs):
            self.assertNotIn(document.name, page)

    def test_what_is_paid_on_account_can_be_set_off_but_not_what_is_kept_for_an_order(self):
        advance = self._pay_choices([(self.acorn, 50.0)]).payment_id
        kept = self._pay_choices([(self._order(70.0), 70.0)]).payment_id
        page = self._open(self.ann, URL).text
        self.assertIn(advance.move_id.name, page)
        self.assertNotIn(kept.move_id.name, page)
        cart = f'{self._cart((self.bills[0], 100.0))}_m{advance.move_id.id}-50.0'
        transaction = self._transaction(cart, 50.0)
        self._finish(transaction)
        self.assertEqual(self.bills[0]._amount_not_paid(), 0.0)
        self.assertEqual(advance._amount_not_used(), 0.0)

    def test_who_may_open_which_page(self):
        path = f'{URL}/checkout?account={self.account_name}&item=m{self.bills[0].id}'
        viewer = self._create_portal_user('vera', self.acorn)
        self._right(viewer).can_pay = False
        transaction = self._pay_choices([(self.bills[2], 20.5)])
        expected = {
            None: (303, 303, 303), self.ann: (200, 200, 200), viewer: (403, 403, 403),
            self.ben: (200, 200, 404), self.bea: (200, 200, 404),
            self.roles['service_representative']: (404, 404, 404),
        }
        for user, statuses in expected.items():
            for url, status in zip(
                    (URL, path, f'{URL}/{transaction.id}'), statuses, strict=True):
                with self.subTest(user=user and user.login, url=url):
                    self.assertEqual(
                        self._open(user, url, allow_redirects=False).status_code, status)

    def test_viewer_cannot_pay_by_any_route(self):
        self.right.can_pay = False
        self.authenticate('ann', 'ann')
        bill, order = self.bills[0], self._order(50.0)
        params = {
            'provider_id': self.provider.id, 'payment_method_id': self.method.id, 'amount': 100.0,
            'token_id': None, 'flow': 'direct', 'tokenization_requested': False,
            'landing_route': '/my', 'access_token': bill._portal_ensure_token()}
        before = self.Transaction.search_count([])
        self.assertEqual(self._transact(self._cart((bill, 100.0)), 100.0).status_code, 403)
        for path in (
                f'/invoice/transaction/{bill.id}', '/invoice/transaction/overdue',
                f'/my/orders/{order.id}/transaction'):
            with self.subTest(path=path):
                self.assertEqual(self._json(path, params).status_code, 403)
        self.assertEqual(self.url_open('/my/invoices/overdue').status_code, 403)
        self.assertEqual(self.Transaction.search_count([]), before)
        for path in ('/my/statement', '/my/account-status', f'/my/invoices/{bill.id}', '/my'):
            with self.subTest(path=path):
                page = self.url_open(path)
                self.assertEqual(page.status_code, 200)
                self.assertNotIn('href="/my/pay"', page.text)
                self.assertNotIn('href="/my/pay?', page.text)
                self.assertNotIn('data-bs-target="#pay_with"', page.text)
                self.assertNotIn('id="o_payment_form"', page.text)

    def test_payer_finds_the_way(self):
        for path in ('/my/statement', '/my/account-status', '/my'):
            self.assertRegex(self._open(self.ann, path).text, r'href="/my/pay["?]')
        response = self.url_open('/my/invoices/overdue')
        self.assertTrue(response.url.endswith('/my/pay?filter=overdue'))
        self.assertIn(self.bills[0].name, response.text)
        self.assertNotIn(self.bills[2].name, response.text)

    def test_chosen_bills_are_paid_by_the_demo_provider(self):
        page = self._checkout(self.bills[0], self.bills[2]).text
        self.assertIn('id="o_payment_form"', page)
        cart = self._cart((self.bills[0], 100.0), (self.bills[2], 20.5))
        self.assertIn(f'/transaction/{self.account_name}/{cart}/0', page)
        transaction = self._transaction(cart, 120.5)
        self.assertEqual(transaction.partner_id, self.ann.partner_id)
        answer = self._simulate(transaction, 'done')
        self.assertEqual(answer['landing_route'], f'{URL}/{transaction.id}')
        self.assertEqual(
            [bill._amount_not_paid() for bill in self.bills], [0.0, 80.0, 0.0])
        page = self.url_open(answer['landing_route']).text
        self.assertIn("120.50", page)
        self.assertNotIn('crm_pay_rest', page)
        act = self.env['crm.representative.act'].search([('act', '=', 'pay')], limit=1)
        self.assertEqual((act.partner_id, act.res_id), (self.ann.partner_id, transaction.id))

    def test_provider_says_no_and_it_is_tried_again(self):
        cart = self._cart((self.bills[0], 100.0))
        self.authenticate('ann', 'ann')
        for state in ('error', 'cancel'):
            transaction = self._transaction(cart, 100.0)
            self._simulate(transaction, state)
            self.assertEqual(transaction.state, state)
            self.assertEqual(self.bills[0]._amount_not_paid(), 100.0)
            self.assertIn("Choose again", self.url_open(f'{URL}/{transaction.id}').text)
        self._simulate(self._transaction(cart, 100.0), 'done')
        self.assertEqual(self.bills[0]._amount_not_paid(), 0.0)

    def test_pressing_twice_is_one_payment(self):
        cart = self._cart((self.bills[0], 100.0))
        self.authenticate('ann', 'ann')
        first = self._transaction(cart, 100.0)
        self.assertEqual(self._transaction(cart, 100.0), first)
        self._simulate(first, 'done')
        self.assertIn("not open any more", self._refusal(cart, 100.0))

    def test_window_that_was_closed_is_warned_about(self):
        self.authenticate('ann', 'ann')
        self._transaction(self._cart((self.bills[0], 100.0)), 100.0)
        cart = self._cart((self.bills[0], 100.0), (self.bills[1], 80.0))
        self.assertIn("on its way", self._refusal(cart, 180.0))
        self.assertEqual(self._transaction(cart, 180.0, again=1).amount, 180.0)

    def test_colleague_sees_what_is_on_its_way(self):
        self.authenticate('ann', 'ann')
        self._simulate(self._transaction(self._cart((self.bills[0], 100.0)), 100.0), 'pending')
        page = self._open(self.ben, URL).text
        self.assertEqual(page.count('crm_pay_underway'), 1)
        page = self._checkout(self.bills[0], user=self.ben).text
        self.assertIn('crm_pay_again', page)
        self.assertNotIn('id="o_payment_form"', page)
        self.assertIn(
            'id="o_payment_form"', self._checkout(self.bills[0], user=self.ben, again=1).text)
        self.assertIn("on its way", self._refusal(self._cart((self.bills[0], 100.0)), 100.0))
        again = self._transaction(self._cart((self.bills[0], 100.0)), 100.0, again=1)
        self.assertEqual(again.partner_id, self.ben.partner_id)

    def test_rest_of_what_is_on_its_way_in_part_is_offered(self):
        self.company.pay_part_amounts = True
        self.authenticate('ann', 'ann')
        self._simulate(self._transaction(self._cart((self.bills[0], 40.0)), 40.0), 'pending')
        self.assertIn(f'm{self.bills[0].id}-60.0', self._checkout(self.bills[0]).text)
        self._transaction(self._cart((self.bills[0], 60.0)), 60.0)

    def test_bill_paid_twice_is_told(self):
        self.authenticate('ann', 'ann')
        first = self._transaction(self._cart((self.bills[0], 100.0)), 100.0)
        self.authenticate('ben', 'ben')
        second = self._transaction(self._cart((self.bills[0], 100.0)), 100.0, again=1)
        self._simulate(second, 'done')
        self._finish(first)
        self.assertIn('crm_pay_rest', self._open(self.ann, f'{URL}/{first.id}').text)

    def test_changed_amounts_are_refused(self):
        self.authenticate('ann', 'ann')
        bill = self.bills[0]
        for cart, amount in (
                ([(bill, 100.0)], 1.0), ([(bill, 1.0)], 1.0), ([(bill, 100.01)], 100.01),
                ([(bill, 100.0)], None), ([(bill, 100.0)], 'x'), ([(bill, 100.0)], True)):
            with self.subTest(cart=cart, amount=amount):
                self._refusal(self._cart(*cart), amount)
        self.company.pay_part_amounts = True
        self.assertEqual(self._transaction(self._cart((bill, 1.0)), 1.0).amount, 1.0)
        for amount in (100.01, 0.001, 0):
            self._refusal(self._cart((bill, amount)), amount)

    def test_foreign_documents_answer_like_those_that_do_not_exist(self):
        theirs = self._bill(67.89, '2025-01-11', partner=self.birch)
        draft = self._bill(5.0, '2025-01-11', post=False)
        order = self._order(31.0, partner=self.birch)
        self.authenticate('ann', 'ann')
        absent = self._refusal('m999999999-5.0', 5.0)
        self.assertIn("not open any more", absent)
        for key, amount in (
                (f'm{theirs.id}', 67.89), (f'm{draft.id}', 5.0), (f'o{order.id}', 31.0),
                (f'p{self.birch.id}', 5.0), ('m1-5_m1', 5.0), ("m1'OR'1", 5.0)):
            with self.subTest(key=key):
                self.assertIn(self._refusal(f'{key}-{amount}', amount), (
                    absent, "Nothing is chosen. Tick what you want to pay."))
                page = self.url_open(f'{URL}/checkout?account={self.account_name}&item={key}')
                self.assertEqual(page.status_code, 200)
                self.assertIn("not open any more", page.text)
                self.assertNotIn(theirs.name, page.text)
        self.assertEqual(self.url_open(f'{URL}/999999999').status_code, 404)

    def test_foreign_ways_of_paying_are_refused(self):
        other = self.setup_other_company()['company']
        foreign = self.provider.copy({'company_id': other.id, 'name': "Foreign"})
        hidden = self.provider.copy({'name': "Hidden", 'is_published': False})
        off = self.provider.copy({'state': 'disabled'})
        token = self.env['payment.token'].create({
            'provider_id': self.provider.id, 'payment_method_id': self.method.id,
            'payment_details': '4', 'provider_ref': 'x', 'partner_id': self.bea.partner_id.id,
            'demo_simulated_state': 'done'})
        self.authenticate('ann', 'ann')
        cart = self._cart((self.bills[0], 100.0))
        for values in (
                {'provider_id': foreign.id}, {'provider_id': hidden.id}, {'provider_id': off.id},
                {'provider_id': 'x'}, {'payment_method_id': 999999}, {'flow': 'offline'},
                {'flow': 'token', 'token_id': token.id}, {'is_validation': True},
                {'flow': None}):
            with self.subTest(values=values):
                self.assertIn("not offered", self._refusal(cart, 100.0, **values))
        self.assertIn("not whitelisted", self._refusal(cart, 100.0, partner_id=1))
        self.env['ir.config_parameter'].set_param('account_payment.enable_portal_payment', 'False')
        self.assertIn("not offered", self._refusal(cart, 100.0))

    def test_own_card_on_file_pays_at_once(self):
        token = self.env['payment.token'].create({
            'provider_id': self.provider.id, 'payment_method_id': self.method.id,
            'payment_details': '4', 'provider_ref': 'x', 'partner_id': self.ann.partner_id.id,
            'demo_simulated_state': 'done'})
        self.authenticate('ann', 'ann')
        cart = self._cart((self.bills[0], 100.0))
        transaction = self._transaction(cart, 100.0, flow='token', token_id=token.id)
        self.assertEqual(transaction.state, 'done')
        self.assertIn(
            "on its way", self._refusal(cart, 100.0, flow='token', token_id=token.id))
        self._json('/payment/status/poll', {})
        self.assertEqual(self.bills[0]._amount_not_paid(), 0.0)

    def test_wire_transfer_waits(self):
        wire = self._create_provider('payment.payment_provider_transfer')
        method = wire.payment_method_ids[:1]
        self.authenticate('ann', 'ann')
        transaction = self._transaction(
            self._cart((self.bills[0], 100.0), (self.bills[1], 80.0)), 180.0,
            provider_id=wire.id, payment_method_id=method.id, flow='redirect')
        self.url_open('/payment/custom/process', data={'reference': transaction.reference})
        self._json('/payment/status/poll', {})
        self.assertEqual(transaction.state, 'pending')
        self.assertEqual(transaction._get_communication(), transaction.reference)
        self.assertEqual(self.url_open(f'{URL}/{transaction.id}').status_code, 200)
        self.assertEqual(self._open(self.ann, URL).text.count('crm_pay_underway'), 2)
        transaction.action_money_received()
        self.assertEqual(self.bills[0]._amount_not_paid(), 0.0)

    def test_credit_notes_cannot_be_more_than_what_is_paid(self):
        note = self._credit(500.0, '2025-01-15')
        page = self._checkout(self.bills[0], note).text
        self.assertIn("what is set off is more", page)
        self._refusal(self._cart((self.bills[0], 100.0), (note, 500.0)), -400.0)
        self._refusal(self._cart((self.bills[0], 100.0), (note, 100.0)), 0.0)

    def test_other_company_cannot_pay_with_the_credit_of_this_one(self):
        timber = self._create_customer("Acorn Timber", parent_id=self.acorn.id)
        note = self._credit(30.0, '2025-01-15', partner=timber)
        self.assertIn("what is set off is more", self._checkout(self.bills[0], note).text)

    def test_currencies_are_paid_apart(self):
        foreign = self.setup_other_currency('GBP', rates=[('2016-01-01', 2.0)])
        bill = self._bill(77.0, '2025-01-10', currency_id=foreign.id)
        page = self._open(self.ann, URL).text
        self.assertIn("Each is paid on its own", page)
        self.assertNotIn(f'>{bill.name}</label>', page)
        name = f'{self.company.id}-{foreign.id}'
        page = self.url_open(f'{URL}?account={name}').text
        self.assertIn(f'>{bill.name}</label>', page)
        self.assertNotIn(f'>{self.bills[0].name}</label>', page)
        self.assertIn("not open any more", self._refusal(
            self._cart((bill, 77.0), (self.bills[0], 100.0)), 177.0, account=name))
        self.assertIn("not open any more", self._refusal(
            self._cart((bill, 77.0)), 77.0, account='999-999'))
        transaction = self._transaction(self._cart((bill, 77.0)), 77.0, account=name)
        self._finish(transaction)
        self.assertEqual(transaction.choice_ids.payment_id.currency_id, foreign)
        self.assertEqual(bill._amount_not_paid(), 0.0)

    def test_scope_says_for_whom_he_pays(self):
        timber = self._create_customer("Acorn Timber", parent_id=self.acorn.id)
        theirs = self._bill(40.0, '2025-01-10', partner=timber)
        own = self._bill(7.0, '2025-01-10', partner=self.ann.partner_id)
        self._transaction_after_login(theirs, 40.0)
        self.right.scope = 'own'
        page = self._open(self.ann, URL).text
        self.assertIn(own.name, page)
        for bill in (theirs, *self.bills):
            self.assertNotIn(f'>{bill.name}</label>', page)
        self.assertIn("not open any more", self._refusal(self._cart((theirs, 40.0)), 40.0))

    def _transaction_after_login(self, bill, amount):
        self.authenticate('ann', 'ann')
        return self._transaction(self._cart((bill, amount)), amount)

    def test_advance_payment_alone(self):
        page = self._open(
            self.ann, f'{URL}/checkout?account={self.account_name}'
            f'&amount_p{self.acorn.id}=250.00').text
        self.assertIn("250.00", page)
        transaction = self._transaction(f'p{self.acorn.id}-250.0', 250.0)
        self._simulate(transaction, 'done')
        self.assertEqual(transaction.payment_id.partner_id, self.acorn)
        self.assertEqual(transaction.payment_id._amount_not_used(), 250.0)

    def test_broken_addresses_are_harmless(self):
        self.authenticate('ann', 'ann')
        for path in (
                f'{URL}?account=x', f'{URL}?account=1-999999', f'{URL}/page/99999999',
                f'{URL}?filter=%3Cscript%3E', f"{URL}?item='", f'{URL}/checkout',
                f'{URL}/checkout?item=m1&amount_m1=nan', f'{URL}/checkout?item=%3Cb%3E',
                f'{URL}/checkout?amount_p1=1e9'):
            with self.subTest(path=path):
                response = self.url_open(path)
                self.assertEqual(response.status_code, 200)
                self.assertNotIn('<script></script>', response.text)
        page = self.url_open(f'{URL}/checkout?item=m1&amount_m1=%3Cscript%3E').text
        self.assertIn('&lt;script&gt; is no amount', page)
        self.assertEqual(
            self.url_open(f'{URL}/checkout', data={'item': 'm1'}).status_code, 400)

    def test_looking_writes_nothing(self):
        self._order(500.0)
        self.env.flush_all()
        self.authenticate('ann', 'ann')
        counts = self.Transaction.search_count([]), self.Choice.search_count([])
        for path in (URL, f'{URL}?filter=overdue',
                     f'{URL}/checkout?account={self.account_name}&item=m{self.bills[0].id}'):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 200)
        self.assertEqual(
            (self.Transaction.search_count([]), self.Choice.search_count([])), counts)

    def test_many_bills_cost_as_many_queries_as_few(self):
        def add(count):
            for _number in range(count):
                self._bill(1, '2025-02-01')
                self._order(5.0)

        add(5)
        few = self._count_statements(self._open, self.ann, URL)
        add(20)
        self.assertLessEqual(self._count_statements(self._open, self.ann, URL), few + 2)

    def test_installments_may_be_paid_one_by_one(self):
        term = self.env['account.payment.term'].create({'name': "Two halves", 'line_ids': [
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 30}),
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 60})]})
        bill = self._bill(
            90.0, fields.Date.today(), invoice_payment_term_id=term.id, due=None)
        page = self._checkout(bill).text
        self.assertIn(f'm{bill.id}-45.0', page)
        self._finish(self._transaction(self._cart((bill, 45.0)), 45.0))
        self.assertEqual(bill._amount_not_paid(), 45.0)
