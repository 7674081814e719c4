from odoo.fields import Command, Date
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestTours(HttpCase):

    def test_sheet_of_a_customer(self):
        new_test_user(self.env, 'boss', 'crm_roles.group_sales_manager')
        customer = self.env['res.partner'].create({'name': "Quinn", 'is_company': True})
        sister = self.env['res.partner'].create(
            {'name': "Sister", 'is_company': True, 'parent_id': customer.id})
        drill = self.env['product.product'].create(
            {'name': "Pillar Drill", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
        for partner, quantity in ((customer, 3), (sister, 5)):
            self.env['account.move'].create({
                'move_type': 'out_invoice', 'partner_id': partner.id,
                'invoice_date': Date.today(), 'invoice_line_ids': [
                    Command.create({'product_id': drill.id, 'quantity': quantity})],
            }).action_post()
        self.start_tour(
            f'/odoo/service-customers/{customer.id}/customer-sales', 'crm_sales_facts_sheet',
            login='boss')
