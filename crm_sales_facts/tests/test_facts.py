from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SalesFactsCommon


@tagged('post_install', '-at_install')
class TestFacts(SalesFactsCommon):

    def test_what_is_posted_is_sold(self):
        self._create_bill(lines=[
            {'product_id': self.drill.id, 'quantity': 2, 'price_unit': 90.0},
            {'product_id': self.bit.id, 'quantity': 3, 'price_unit': 8.0}])
        self.assertEqual(self._sold(partner_id=self.customer), (5.0, 204.0, 129.99))
        self.assertEqual(self._sold(product_id=self.drill), (2.0, 180.0, 120.0))
        self._assert_true()
        self.assertEqual(self._sold(partner_id=self.customer), (5.0, 204.0, 129.99))

    def test_a_draft_is_not_sold(self):
        bill = self._create_bill(post=False)
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))
        bill.button_cancel()
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))

    def test_what_is_reset_or_cancelled_is_no_longer_sold(self):
        bill = self._create_bill()
        self._assert_true()
        bill.button_draft()
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))
        self._assert_true()
        bill.action_post()
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 100.0, 60.0))
        bill.button_draft()
        bill.button_cancel()
        self._assert_true()
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))

    def test_a_bill_changed_in_between_counts_as_it_is(self):
        bill = self._create_bill()
        bill.button_draft()
        bill.invoice_line_ids.quantity = 4
        bill.partner_id = self.other_customer
        bill.action_post()
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))
        self.assertEqual(self._sold(partner_id=self.other_customer), (4.0, 400.0, 240.0))
        self._assert_true()

    def test_cost_stays_as_it_was_when_the_bill_was_posted(self):
        bill = self._create_bill()
        self.drill.standard_price = 75.0
        self.assertEqual(bill.invoice_line_ids.unit_cost, 60.0)
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 100.0, 60.0))
        bill.button_draft()
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 60.0, "the past was rewritten")
        self._create_bill()
        self.assertEqual(self._sold(partner_id=self.customer), (2.0, 200.0, 135.0))

    def test_another_product_on_the_line_has_its_own_cost(self):
        bill = self._create_bill()
        bill.button_draft()
        bill.invoice_line_ids.product_id = self.bit
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 3.33)
        self._assert_true()

    def test_order_says_what_it_has_cost(self):
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': self.drill.id, 'product_uom_qty': 2})]})
        order.order_line.purchase_price = 55.0
        order.with_context(skip_procurement=True).action_confirm()
        self.drill.standard_price = 75.0
        bill = order._create_invoices()
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 55.0)
        self.assertEqual(self._sold(partner_id=self.customer), (2.0, 200.0, 110.0))

    def test_cost_of_an_order_in_another_currency_and_unit(self):
        pricelist = self.env['product.pricelist'].create(
            {'name': "Gold", 'currency_id': self.other_currency.id})
        dozen = self.env.ref('uom.product_uom_dozen')
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id, 'pricelist_id': pricelist.id,
            'date_order': '2017-06-01',
            'order_line': [Command.create({
                'product_id': self.drill.id, 'product_uom_id': dozen.id,
                'product_uom_qty': 1, 'price_unit': 2400.0})]})
        order.with_context(skip_procurement=True).action_confirm()
        self.assertEqual(order.order_line.purchase_price, 12 * 60 * 2)
        bill = order._create_invoices()
        bill.invoice_date = '2017-06-01'
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 720.0)
        self.assertEqual(self._sold(partner_id=self.customer), (12.0, 1200.0, 720.0))
        self._assert_true()

    def test_credit_note_takes_back_what_was_sold_and_its_cost(self):
        bill = self._create_bill(lines=[{'product_id': self.drill.id, 'quantity': 2}])
        self.drill.standard_price = 75.0
        note = bill._reverse_moves([{'invoice_date': '2026-04-01'}])
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.assertEqual(note.invoice_line_ids.unit_cost, 60.0)
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 100.0, 60.0))
        self._assert_true()

    def test_who_joins_a_company_brings_his_purchases_along(self):
        contact = self.env['res.partner'].create({'name': "Orla"})
        self._create_bill(partner_id=contact.id)
        self._assert_true()
        contact.parent_id = self.customer
        self.assertEqual(self._sold(partner_id=contact), (0.0, 0.0, 0.0))
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 100.0, 60.0))
        self._assert_true()
        contact.parent_id = False
        self.assertEqual(self._sold(partner_id=contact), (1.0, 100.0, 60.0))
        self._assert_true()

    def test_contacts_of_a_company_that_is_a_person_after_all_come_along(self):
        contact = self.env['res.partner'].create(
            {'name': "Orla", 'parent_id': self.other_customer.id})
        self._create_bill(partner_id=contact.id)
        self.other_customer.write({'is_company': False, 'parent_id': self.customer.id})
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 100.0, 60.0))
        self._assert_true()

    def test_merged_customers_have_bought_what_each_of_them_has(self):
        contact = self.env['res.partner'].create(
            {'name': "Orla", 'parent_id': self.other_customer.id})
        self._create_bill()
        self._create_bill(partner_id=self.other_customer.id)
        self._assert_true()
        self._create_bill(partner_id=contact.id)
        self._merge(self.customer | self.other_customer, self.customer)
        self.assertEqual(self._sold(partner_id=self.customer), (3.0, 300.0, 180.0))
        self._assert_true()

    def test_merged_contacts_of_two_companies(self):
        contacts = self.env['res.partner'].create([
            {'name': "Orla", 'parent_id': self.customer.id},
            {'name': "Orla", 'parent_id': self.other_customer.id}])
        for contact in contacts:
            self._create_bill(partner_id=contact.id)
        self.facts._fold()
        self._merge(contacts, contacts[0])
        self.assertEqual(
            self._sold(partner_id=contacts[0].commercial_partner_id), (2.0, 200.0, 120.0))
        self._assert_true()

    def _merge(self, partners, destination):
        self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set(partners.ids)], 'dst_partner_id': destination.id,
        }).action_merge()

    def test_other_unit_of_the_product(self):
        self._create_bill(lines=[{'product_id': self.drill.id, 'quantity': 24}])
        self.drill.uom_id = self.env.ref('uom.product_uom_dozen')
        self.assertEqual(self._sold(product_id=self.drill)[0], 2.0)
        self._assert_true()

    def test_unit_that_comes_to_mean_another_amount(self):
        unit = self.env['uom.uom'].create({
            'name': "Crate", 'relative_factor': 10,
            'relative_uom_id': self.env.ref('uom.product_uom_unit').id})
        self._create_bill(lines=[{'product_id': self.drill.id, 'product_uom_id': unit.id}])
        self.assertEqual(self._sold(product_id=self.drill)[::2], (10.0, 600.0))
        unit.relative_factor = 12
        self.assertEqual(self._sold(product_id=self.drill)[::2], (12.0, 600.0))
        self._assert_true()

    def test_posted_bill_that_is_changed_or_deleted_by_force(self):
        bill = self._create_bill()
        bill.invoice_line_ids.product_id = self.bit
        self.assertEqual(self._sold(product_id=self.drill), (0.0, 0.0, 0.0))
        self._assert_true()
        bill.with_context(force_delete=True).unlink()
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))
        self._assert_true()

    def test_what_fails_leaves_nothing_behind(self):
        bill = self._create_bill()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            bill.invoice_date = '2026-05-05'
        bill.button_draft()
        bill.action_post()
        self._assert_true()

    def test_purchases_and_entries_are_no_sales(self):
        self._create_bill(move_type='in_invoice')
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))
        self._assert_true()

    def test_rebuilt_facts_are_the_same(self):
        self._create_bill()
        self._create_bill(move_type='out_refund')
        self._create_bill(partner_id=self.other_customer.id)
        before = [self._sold(partner_id=partner)
                  for partner in (self.customer, self.other_customer)]
        self.facts._rebuild()
        self.assertEqual(self._sold(partner_id=self.customer), before[0])
        self.assertEqual(self._sold(partner_id=self.other_customer), before[1])
        self._assert_true()

    def test_check_finds_and_mends_what_is_wrong(self):
        self._create_bill()
        self.facts._fold()
        self.env.cr.execute(
            "UPDATE crm_sales_fact SET amount = amount + 1 WHERE partner_id = %s",
            [self.customer.id])
        [difference] = self.facts._differences()
        self.assertEqual(
            (difference['partner_id'], difference['amount']), (self.customer.id, -1))
        with self.assertLogs('odoo.addons.crm_sales_facts.models.crm_sales_fact_check', 'WARNING'):
            self.facts._cron_check()
        self._assert_true()

    def test_what_is_made_anew_is_written_only_where_it_differs(self):
        self._create_bill()
        self._create_bill(partner_id=self.other_customer.id)
        self.facts._fold()
        right = self.facts.search([('partner_id', '=', self.other_customer.id)])
        self.env.cr.execute(
            "DELETE FROM crm_sales_fact WHERE partner_id = %s", [self.customer.id])
        self.facts._rebuild()
        self._assert_true()
        self.assertEqual(
            self.facts.search([('partner_id', '=', self.other_customer.id)]), right)
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 100.0, 60.0))

    def test_check_mends_months(self):
        self._create_bill()
        self.facts._fold()
        self.env.cr.execute(
            "UPDATE crm_sales_month SET amount = amount + 1, fact_count = 7 WHERE partner_id = %s",
            [self.customer.id])
        [difference] = self.env['crm.sales.month']._differences()
        self.assertEqual((difference['amount'], difference['fact_count']), (-1, -6))
        with self.assertLogs('odoo.addons.crm_sales_facts.models.crm_sales_fact_check', 'WARNING'):
            self.facts._cron_check()
        self._assert_true()

    def test_check_mends_totals_and_dates(self):
        self._create_bill()
        self.facts._fold()
        self.env.cr.execute(
            "UPDATE crm_sales_total SET date_last = '2020-02-02' WHERE partner_id = %s",
            [self.customer.id])
        self.assertEqual(len(self.env['crm.sales.total']._differences()), 1)
        with self.assertLogs('odoo.addons.crm_sales_facts.models.crm_sales_fact_check', 'WARNING'):
            self.facts._cron_check()
        self._assert_true()

    def test_what_is_taken_back_was_not_bought(self):
        self._create_bill(invoice_date='2026-01-10')
        self._create_bill(invoice_date='2026-02-10')
        self._create_bill(invoice_date='2026-02-10', move_type='out_refund')
        self._create_bill(invoice_date='2026-03-10', move_type='out_refund')
        self.facts._fold()
        total = self.env['crm.sales.total'].search([('partner_id', '=', self.customer.id)])
        self.assertEqual((str(total.date_first), str(total.date_last)), ('2026-01-10',) * 2)
        self.assertEqual(total.fact_count, 2)

    def test_filled_at_once_the_tables_are_as_before(self):
        self._create_bill()
        self._create_bill(move_type='out_refund', invoice_date='2026-04-01')
        self.facts._rebuild()
        before = self._tables()
        self.facts._fill()
        self.assertEqual(self._tables(), before)
        self._assert_true()

    def _tables(self):
        """Return what the database knows of the tables of facts, and the sums in them."""
        self.env.cr.execute("""
            SELECT pg_get_indexdef(indexrelid), obj_description(indexrelid) FROM pg_index
            WHERE indrelid::regclass::text LIKE 'crm_sales_%'
            UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid::regclass::text LIKE 'crm_sales_%'
            UNION ALL SELECT date::text, concat_ws(' ', quantity, amount, cost, date_last)
            FROM crm_sales_month
            UNION ALL SELECT date_first::text, concat_ws(' ', quantity, amount, cost, date_last)
            FROM crm_sales_total
            ORDER BY 1, 2""")
        return self.env.cr.fetchall()

    def test_history_is_filled_without_touching_a_bill(self):
        bill = self._create_bill()
        note = bill._reverse_moves([{'invoice_date': '2026-04-01'}])
        note.action_post()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move_line SET unit_cost = NULL")
        self.env.cr.execute("DELETE FROM crm_sales_fact_delta")
        self.env.invalidate_all()
        written = (bill | note).line_ids.mapped('write_date')
        self.drill.standard_price = 61.0
        self.env['account.move.line']._freeze_unit_costs()
        self.facts._rebuild()
        self.assertEqual((bill | note).invoice_line_ids.mapped('unit_cost'), [61.0, 61.0])
        self.assertEqual((bill | note).line_ids.mapped('write_date'), written)
        self._assert_true()
