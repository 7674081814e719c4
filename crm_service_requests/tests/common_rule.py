from odoo import fields
from odoo.fields import Command

from .common import RequestCommon


class RuleCommon(RequestCommon):
    """Rules, and what happens on the accounts they look at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What other data of the database gives cause for is nobody's business here.
        cls.env['crm.request.rule'].with_context(active_test=False).search([]).active = False
        cls.mine = cls.env['res.partner.category'].create({'name': "Of these tests"})
        (cls.acorn | cls.birch).category_id = cls.mine
        (cls.bill_acorn | cls.bill_birch).button_draft()
        cls.bank = cls.env['account.journal'].create({
            'name': "Bank of the Tests", 'code': 'CRMK', 'type': 'bank'})
        cls.env.company.partner_id.tz = 'Europe/Dublin'

    @classmethod
    def _create_rule(cls, kind, **values):
        return cls.env['crm.request.rule'].create({
            'name': "Rule under Test", 'kind': kind, 'type_id': cls.types['accounting'].id,
            'domain': f"[('category_id', 'in', {cls.mine.ids})]", 'cooling_days': 0, **values})

    @classmethod
    def _bill(cls, partner, amount, date, due=None, **values):
        """Return a posted bill over an amount."""
        return cls._create_bill(
            partner, invoice_date=date, invoice_date_due=due or date, invoice_line_ids=[
                Command.create({'name': "Bench", 'price_unit': amount, 'tax_ids': [
                    Command.clear()]})], **values)

    @classmethod
    def _pay(cls, bill, amount, date='2026-03-01'):
        """Pay an amount on a bill."""
        cls._credit(bill.partner_id, amount, date, bill)

    @classmethod
    def _credit(cls, partner, amount, date, bill=None):
        """Enter money received of a customer, and use it for a bill if there is one."""
        entry = cls.env['account.move'].create({
            'journal_id': cls.bank.id, 'date': date, 'line_ids': [
                Command.create({
                    'account_id': cls.receivable.id, 'partner_id': partner.id, 'credit': amount}),
                Command.create({
                    'account_id': cls.journal.default_account_id.id, 'debit': amount})]})
        entry.action_post()
        if bill:
            (entry.line_ids | bill.line_ids).filtered(
                lambda line: line.account_id == cls.receivable).reconcile()
        return entry

    @classmethod
    def _sell(cls, partner, date, amount=100.0, **values):
        """Return an order confirmed on a day."""
        order = cls._create_order(partner, order_line=[Command.create({
            'product_id': cls.product.id, 'price_unit': amount, 'tax_ids': [Command.clear()]})])
        # Handed over at once, where there are transfers.
        order.with_context(skip_procurement=True).action_confirm()
        order.write({'date_order': fields.Datetime.to_datetime(f'{date} 12:00:00'), **values})
        return order

    def _customers(self, rule):
        """Return of whom the rule made its requests."""
        return rule.request_ids.partner_id
