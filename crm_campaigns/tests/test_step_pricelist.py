from odoo.tests import freeze_time, tagged

from odoo.addons.mail.tests.common import MockEmail

from .step_common import StepCommon


@tagged('post_install', '-at_install')
class TestStepPricelist(MockEmail, StepCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('base.group_user')._apply_group(
            cls.env.ref('product.group_product_pricelist'))
        cls.dear, cls.cheap = cls.env['product.pricelist'].create([
            {'name': name, 'item_ids': [(0, 0, {
                'compute_price': 'fixed', 'fixed_price': price, 'applied_on': '3_global'})]}
            for name, price in (("Dear", 987.0), ("Cheap", 123.0))])
        cls.customers.specific_property_product_pricelist = cls.dear
        cls.birch.specific_property_product_pricelist = cls.cheap
        cls.step = cls.env['crm.campaign.step'].create({
            'name': "Prices of the spring", 'campaign_id': cls.campaign.id, 'unit_cost': 0.5,
            'channel': 'pricelist', 'product_ids': cls.product.ids,
            'message': "<p>Here is what it costs now.</p>"})

    def _mails(self):
        return self.env['mail.mail'].search([
            ('model', '=', 'crm.campaign.touch'), ('res_id', 'in', self.step.touch_ids.ids)])

    def _touch(self, customer):
        return self.step.touch_ids.filtered(lambda touch: touch.partner_id == customer)

    def _texts(self):
        """Return the text of the price list of each customer who gets a mail."""
        # (Where tests run, a report is printed as a page, not as PDF.)
        return {
            mail.recipient_ids: mail.attachment_ids.raw.decode() for mail in self._mails()}

    def test_each_customer_gets_his_own_prices_once(self):
        self.cedar.email = False
        self._start()
        self._run()
        self.step.state = 'running'
        self._run()
        mails = self._mails()
        self.assertEqual(mails.recipient_ids, self.acorn | self.birch)
        self.assertEqual(len(mails), 2)
        self.assertEqual(self._skipped(self.step), {self.cedar: 'no_address'})
        for mail in mails:
            self.assertEqual(mail.subject, "Prices of the spring")
            self.assertIn("Here is what it costs now.", mail.body_html)
            self.assertNotIn("Touch", mail.body_html)
        texts = self._texts()
        self.assertIn("987.00", texts[self.acorn])
        self.assertIn("123.00", texts[self.birch])

    def test_all_may_get_the_same_prices_printed_once(self):
        self.step.pricelist_id = self.cheap
        self._start()
        self._run()
        self.assertEqual(len(self._mails().attachment_ids), 1)
        self.assertIn("123.00", self._texts()[self.acorn])

    def test_without_own_prices_it_has_to_be_said_whose(self):
        self.env.ref('base.group_user')._remove_group(
            self.env.ref('product.group_product_pricelist'))
        self.assertIn("choose whose prices", self.step.problem)
        self.step.pricelist_id = self.cheap
        self.assertFalse(self.step.problem)

    def test_categories_stand_for_what_is_sold_of_them(self):
        self.step.product_ids = False
        self.assertIn("choose products or categories", self.step.problem)
        self.product.categ_id = self.step.category_ids = self.env['product.category'].create(
            {'name': "Benches"})
        self.assertFalse(self.step.problem)
        self.assertIn(self.product, self.step._listed_products())
        self.product.sale_ok = False
        self.assertNotIn(self.product, self.step._listed_products())

    def test_touch_waits_until_the_mail_is_sent(self):
        self._start()
        self._run()
        self.assertEqual(
            (self._touch(self.acorn).state, self._member(self.acorn).state), ('waiting', 'planned'))
        sent, failed = (
            self._mails().filtered(lambda mail, who=who: mail.recipient_ids == who)
            for who in (self.acorn, self.birch))
        with freeze_time('2026-03-02 12:10:00'), self.mock_mail_gateway():
            sent.send()
            self.birch.email = "nowhere"
            failed.send()
        self.assertEqual(
            (self._touch(self.acorn).state, self._member(self.acorn).state), ('done', 'contacted'))
        self.assertEqual(str(self._member(self.acorn).contacted_at), '2026-03-02 12:10:00')
        self.assertEqual(
            (self._touch(self.birch).state, self._member(self.birch).state), ('failed', 'planned'))
        self.assertTrue(self._touch(self.birch).reason)
        self.assertEqual(self.campaign.spent, 0.5)

    def test_as_many_queries_for_many_members(self):
        self.step.pricelist_id = self.cheap
        self._assert_reaching_is_flat(self.step, many=20)
