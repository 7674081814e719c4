"""What customers do in the portal, told from the first page to the last."""

import re
from datetime import timedelta
from html import unescape

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_selfservice_portal.tests.common_correction import CorrectionCommon
from odoo.addons.crm_selfservice_portal.tests.pay_common import PayCommon


@tagged('post_install', '-at_install')
class TestOrderIsCorrectedInTimeThenTooLate(CorrectionCommon, HttpCase):

    def test_story(self):
        # Acorn Joinery is promised ten benches and four vices in ten days.
        self.order.commitment_date = fields.Datetime.now() + timedelta(days=10)
        self.authenticate('ann', 'ann')
        page = self.url_open(f'/my/orders/{self.order.id}').text
        self.assertIn("Change the order", page)

        # Ann needs two benches less. She sees the price first, and confirms.
        form = self.url_open(f'/my/orders/{self.order.id}/correct').text
        preview = self._send(form, 'correct', **{f'quantity_{self.benches.id}': '8'})
        self.assertIn("1,440.00", preview)
        self.assertIn("1,200.00", preview)
        done = self._send(preview, 'correct/confirm')
        self.assertIn("The order is changed", done)
        self.env.invalidate_all()
        self.assertEqual(self.order.amount_total, 1200)

        # Who manages the order has read it.
        told = self.order.message_ids.filtered(
            lambda message: "Oak Bench: 10 → 8 Units" in message.body)
        self.assertIn(self.manager.partner_id, told.notified_partner_ids)

        # Nine days later she wants to cancel; the form she left open is of no use any more.
        form = self.url_open(f'/my/orders/{self.order.id}/correct').text
        self.order.commitment_date = fields.Datetime.now() + timedelta(hours=20)
        late = self._send(form, 'correct', cancel='1')
        self.assertIn("It is too late", late)
        self.assertIn(self.roles['account_representative'].name, late)
        page = self.url_open(f'/my/orders/{self.order.id}').text
        self.assertNotIn("Change the order", page)
        self.assertIn("Oak Bench: 10 → 8 Units", page)
        self.env.invalidate_all()
        self.assertEqual((self.order.state, self.order.amount_total), ('sale', 1200))

    def _send(self, page, path, **values):
        """Send the form of a page, and return the page that comes then."""
        action = f'/my/orders/{self.order.id}/{path}'
        form = page.split(f'action="{action}"')[1].split('</form>')[0]
        given = {name: unescape(value) for name, value in re.findall(
            r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form)}
        return self.url_open(action, data={**given, **values}).text


@tagged('post_install', '-at_install')
class TestStatementIsPaidToTheCent(PayCommon, HttpCase):

    def test_statement_choose_three_pay_and_the_statement_is_zero(self):
        # Ann looks at her statement, and goes on to what is open.
        period = 'date_from=2025-01-01&date_to=2099-12-31'
        self.assertEqual(self._balance(), 200.5)
        page = self._open(self.ann, f'/my/statement?{period}').text
        self.assertIn("200.50", page)
        self.assertIn(f'/my/pay?account={self.account_name}', page)
        # She ticks all three bills, sees the total, and pays by card.
        page = self.url_open(f'/my/pay?account={self.account_name}').text
        self.assertEqual(page.count('name="item"'), 3)
        items = '&'.join(f'item=m{bill.id}' for bill in self.bills)
        page = self.url_open(f'/my/pay/checkout?account={self.account_name}&{items}').text
        cart = page.split(f'data-transaction-route="/my/pay/transaction/{self.account_name}/')[1]
        transaction = self._transaction(cart.split('/')[0], 200.5)
        answer = self._simulate(transaction, 'done')
        self.assertEqual(self.url_open(answer['landing_route']).status_code, 200)
        # Nothing is open any more, on any page.
        self.assertEqual(self._balance(), 0.0)
        self.assertIn("Nothing is open", self.url_open('/my/pay').text)
        self.assertIn("Nothing is open", self.url_open('/my/account-status').text)
        # One payment stands in the books, and who made it is known.
        self.assertEqual(transaction.choice_ids.payment_id.amount, 200.5)
        act = self.env['crm.representative.act'].search([('act', '=', 'pay')], limit=1)
        self.assertEqual(act.partner_id, self.ann.partner_id)
