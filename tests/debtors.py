"""Customers who owe something, for the workers of the tests."""

from odoo.fields import Command


def make_debtors(env, count, name):
    """Make customers each of whom has an old bill that nobody paid.

    :param str name: of the tag they carry
    :return: the customers
    :rtype: res.partner
    """
    receivable, income = env['account.account'].create([
        {'name': "Customers", 'code': 'WRKREC', 'account_type': 'asset_receivable'},
        {'name': "Sales", 'code': 'WRKINC', 'account_type': 'income'}])
    journal = env['account.journal'].create({
        'name': "Bills", 'code': 'WRKB', 'type': 'sale', 'default_account_id': income.id})
    tag = env['res.partner.category'].create({'name': name})
    customers = env['res.partner'].create([{
        'name': f"Debtor {number}", 'email': f'debtor{number}@example.com',
        'category_id': tag.ids, 'property_account_receivable_id': receivable.id,
    } for number in range(count)])
    env['account.move'].create([{
        'move_type': 'out_invoice', 'partner_id': customer.id, 'journal_id': journal.id,
        'invoice_date': '2026-01-15', 'invoice_date_due': '2026-01-15',
        'invoice_line_ids': [Command.create({
            'name': "Bench", 'price_unit': 100.0, 'tax_ids': [Command.clear()]})],
    } for customer in customers]).action_post()
    return customers
