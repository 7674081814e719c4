from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .pay_common import URL, PayCommon


@tagged('post_install', '-at_install')
class TestPaySetOff(PayCommon, HttpCase):
    """Credit notes that are as much as the bills are set off without any money."""

    def setUp(self):
        super().setUp()
        self.note = self._credit(180.0, '2025-01-15')
        self.authenticate('ann', 'ann')

    def _checkout(self, *documents, **amounts):
        return self.url_open('&'.join([
            f'{URL}/checkout?account={self.account_name}',
            *(f'item=m{document.id}' for document in documents),
            *(f'{name}={amount}' for name, amount in amounts.items())])).text

    def _set_off(self, *chosen, account=None, **values):
        """Press the button, and return the answer."""
        return self.url_open(
            f'{URL}/set-off/{account or self.account_name}/{self._cart(*chosen)}', method='POST',
            data={'csrf_token': Request.csrf_token(self), **values}, allow_redirects=False)

    def _left(self):
        return [document._amount_not_paid() for document in (*self.bills, self.note)]

    def _assert_untouched(self):
        self.assertEqual(self._left(), [100.0, 80.0, 20.5, 180.0])

    def test_what_comes_to_nothing_is_set_off_at_once(self):
        before = self._balance()
        page = self._checkout(self.bills[0], self.bills[1], self.note)
        self.assertIn("Nothing is left to pay", page)
        self.assertNotIn('name="o_payment_submit_button"', page)
        answer = self.url_open(
            page.split('class="crm_pay_set_off" action="')[1].split('"')[0], method='POST',
            data={'csrf_token': Request.csrf_token(self)}, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self._left(), [0.0, 0.0, 20.5, 0.0])
        self.assertEqual(self._balance(), before)
        self.assertFalse(self.Choice.search([]))
        page = self.url_open(answer.headers['Location']).text
        self.assertIn("It is set off", page)
        self.assertNotIn(f'>{self.note.name}</label>', page)
        self.assertIn(f'>{self.bills[2].name}</label>', page)

    def test_it_is_written_down(self):
        self._set_off((self.bills[0], 100.0), (self.bills[1], 80.0), (self.note, 180.0))
        acts = self.env['crm.representative.act'].search([('act', '=', 'set_off')])
        self.assertEqual(acts.user_id, self.ann)
        self.assertEqual(set(acts.mapped('res_id')), set(self.bills[:2].ids))
        self.assertTrue(all(self.note.name in act.note for act in acts))
        message = self.bills[0].message_ids.filtered(
            lambda message: self.note.name in message.body)
        self.assertEqual(message.author_id, self.ann.partner_id)

    def test_pressing_twice_sets_off_once(self):
        chosen = (self.bills[0], 100.0), (self.bills[1], 80.0), (self.note, 180.0)
        self._set_off(*chosen)
        answer = self._set_off(*chosen)
        self.assertIn("not open any more", answer.text)
        self.assertEqual(self._left(), [0.0, 0.0, 20.5, 0.0])
        self.assertEqual(
            self.env['crm.representative.act'].search_count([('act', '=', 'set_off')]), 2)

    def test_one_bill_may_be_set_off_in_part(self):
        self.company.pay_part_amounts = True
        other = self._bill(500.0, '2025-01-01')
        page = self._checkout(
            self.bills[1], other, self.note, **{f'amount_m{other.id}': '100'})
        self.assertIn("Nothing is left to pay", page)
        self._set_off((self.bills[1], 80.0), (other, 100.0), (self.note, 180.0))
        self.assertEqual(self._left(), [100.0, 0.0, 20.5, 0.0])
        self.assertEqual(other._amount_not_paid(), 400.0)

    def test_two_bills_are_not_set_off_in_part(self):
        self.company.pay_part_amounts = True
        others = [self._bill(500.0, '2025-01-01') for _number in range(2)]
        answer = self._set_off((others[0], 90.0), (others[1], 90.0), (self.note, 180.0))
        self.assertIn("only one of the bills", answer.text)
        self._assert_untouched()

    def test_an_earlier_payment_is_set_off(self):
        payment = self.env['account.payment'].create({
            'payment_type': 'inbound', 'partner_type': 'customer', 'amount': 20.5,
            'partner_id': self.acorn.id, 'journal_id': self.provider.journal_id.id})
        payment.action_post()
        self._set_off((self.bills[2], 20.5), (payment.move_id, 20.5))
        self.assertEqual(self._left(), [100.0, 80.0, 0.0, 180.0])

    def test_what_is_left_to_pay_is_not_set_off(self):
        for chosen in (
                [(self.bills[0], 100.0)], [(self.bills[0], 100.0), (self.note, 180.0)],
                [(self.bills[0], 100.0), (self.bills[1], 80.0), (self.bills[2], 20.5),
                 (self.note, 180.0)]):
            with self.subTest(chosen=chosen):
                self.assertEqual(self._set_off(*chosen).status_code, 200)
                self._assert_untouched()
        self.assertIn("Nothing is left to pay", self._refusal(self._cart(
            (self.bills[0], 100.0), (self.bills[1], 80.0), (self.note, 180.0)), 0.0))

    def test_orders_and_advances_are_paid_with_money(self):
        order = self._order(180.0)
        cart = f'o{order.id}-180.0_m{self.note.id}-180.0'
        answer = self.url_open(
            f'{URL}/set-off/{self.account_name}/{cart}', method='POST',
            data={'csrf_token': Request.csrf_token(self)})
        self.assertIn("against bills only", answer.text)
        self._assert_untouched()

    def test_the_discount_for_early_payment_is_for_who_pays(self):
        term = self.env['account.payment.term'].create({
            'name': "2% in ten days", 'early_discount': True, 'discount_percentage': 2,
            'discount_days': 10, 'line_ids': [Command.create(
                {'value': 'percent', 'value_amount': 100, 'nb_days': 30})]})
        bill = self._bill(100.0, self.today(), due=None, invoice_payment_term_id=term.id)
        note = self._credit(98.0, '2025-01-15')
        self.assertIn("discount for early payment", self._checkout(bill, note))
        answer = self._set_off((bill, 98.0), (note, 98.0))
        self.assertIn("discount for early payment", answer.text)
        self.assertEqual(bill._amount_not_paid(), 100.0)

    def today(self):
        return self.env.cr.now().date().isoformat()

    def test_the_credit_of_another_company_of_the_group_is_not_used(self):
        timber = self._create_customer("Acorn Timber", parent_id=self.acorn.id)
        theirs = self._bill(180.0, '2025-01-10', partner=timber)
        answer = self._set_off((theirs, 180.0), (self.note, 180.0))
        self.assertIn("Choose what belongs together", answer.text)
        self._assert_untouched()

    def test_another_currency_is_set_off_on_its_own(self):
        foreign = self.setup_other_currency('GBP', rates=[
            ('2016-01-01', 2.0), ('2025-01-12', 4.0)])
        bill = self._bill(77.0, '2025-01-10', currency_id=foreign.id)
        note = self._credit(77.0, '2025-01-15', currency_id=foreign.id)
        name = f'{self.company.id}-{foreign.id}'
        self.assertEqual(
            self._set_off((bill, 77.0), (note, 77.0), account=name).status_code, 303)
        self.assertEqual((bill._amount_not_paid(), note._amount_not_paid()), (0.0, 0.0))

    @mute_logger('odoo.http')
    def test_who_may_not_pay_sets_nothing_off(self):
        chosen = (self.bills[0], 100.0), (self.bills[1], 80.0), (self.note, 180.0)
        self.right.role = 'viewer'
        self.assertEqual(self._set_off(*chosen).status_code, 403)
        self.authenticate('bea', 'bea')
        self.assertIn("not open any more", self._set_off(*chosen).text)
        self.authenticate('ann', 'ann')
        self.right.role = 'payer'
        self.assertEqual(self._set_off(*chosen, csrf_token='x').status_code, 400)
        self.env['ir.config_parameter'].set_param('account_payment.enable_portal_payment', 'False')
        self.assertEqual(self._set_off(*chosen).status_code, 404)
        self._assert_untouched()
