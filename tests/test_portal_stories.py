"""What customers do in the portal, told from the first page to the last."""

import re
from datetime import timedelta
from html import unescape

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_selfservice_portal.tests.common_correction import CorrectionCommon


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
