from odoo.exceptions import AccessError
from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon

from .mixins import PeopleMixin, RulesMixin, StatementsMixin

ROLES = [
    'service_representative', 'service_supervisor', 'account_representative', 'sales_manager',
    'order_manager', 'call_center_lead', 'marketing_manager',
]


class RolesCommon(PeopleMixin, RulesMixin, StatementsMixin, BaseCommon):
    """One user per role, each holding nothing but it, and two customers with their documents.

    | customer        | salesperson            | order sold by | bill sold by |
    |-----------------|------------------------|---------------|--------------|
    | Acorn Joinery   | account_representative | colleague     | colleague    |
    | Birch & Sons    | colleague              | colleague     | colleague    |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls._create_users(*ROLES)
        cls.colleague = cls._create_user('account_representative', login='colleague')
        cls.journal, cls.receivable = cls._create_accounting()
        cls.product = cls.env['product.product'].create({
            'name': "Work Bench", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
        cls.acorn = cls._create_customer("Acorn Joinery", cls.roles['account_representative'])
        cls.birch = cls._create_customer("Birch & Sons", cls.colleague)
        cls.order_acorn = cls._create_order(cls.acorn)
        cls.order_birch = cls._create_order(cls.birch)
        cls.bill_acorn = cls._create_bill(cls.acorn)
        cls.bill_birch = cls._create_bill(cls.birch)
        cls.pricelist = cls.env['product.pricelist'].create({'name': "Trade"})
        cls.term = cls.env['account.payment.term'].create({'name': "In a Month"})

    @classmethod
    def _create_accounting(cls):
        """Return a sales journal and a receivable account that need no chart of accounts."""
        receivable, income = cls.env['account.account'].create([
            {'name': "Customers", 'code': 'CRMREC', 'account_type': 'asset_receivable'},
            {'name': "Sales", 'code': 'CRMINC', 'account_type': 'income'},
        ])
        journal = cls.env['account.journal'].create({
            'name': "Bills", 'code': 'CRMB', 'type': 'sale', 'default_account_id': income.id})
        return journal, receivable

    @classmethod
    def _create_customer(cls, name, salesperson):
        return cls.env['res.partner'].create({
            'name': name, 'is_company': True, 'user_id': salesperson.id,
            'email': f'{name.split()[0].lower()}@example.com',
            'property_account_receivable_id': cls.receivable.id})

    @classmethod
    def _create_order(cls, partner, **values):
        return cls.env['sale.order'].create({
            'partner_id': partner.id,
            'user_id': cls.colleague.id,
            'order_line': [Command.create({
                'product_id': cls.product.id, 'tax_ids': [Command.clear()]})],
            **values,
        })

    @classmethod
    def _create_bill(cls, partner, post=True, **values):
        bill = cls.env['account.move'].create({
            'move_type': 'out_invoice',
            'partner_id': partner.id,
            'journal_id': cls.journal.id,
            'invoice_user_id': cls.colleague.id,
            'invoice_date': '2026-01-15',
            'invoice_line_ids': [Command.create({
                'name': "Work Bench", 'price_unit': 100.0, 'tax_ids': [Command.clear()]})],
            **values,
        })
        if post:
            bill.action_post()
        return bill

    @classmethod
    def _create_vendor_bill(cls):
        purchases = cls.env['account.journal'].create({
            'name': "Vendor Bills", 'code': 'CRMV', 'type': 'purchase',
            'default_account_id': cls.journal.default_account_id.id})
        return cls._create_bill(
            cls.acorn, post=False, move_type='in_invoice', journal_id=purchases.id)

    @classmethod
    def _create_entry(cls):
        """Return a journal entry that is no bill."""
        misc = cls.env['account.journal'].create({
            'name': "Other", 'code': 'CRMO', 'type': 'general'})
        return cls.env['account.move'].create({
            'move_type': 'entry',
            'journal_id': misc.id,
            'line_ids': [
                Command.create({'account_id': cls.receivable.id, 'debit': 10.0}),
                Command.create({'account_id': cls.journal.default_account_id.id, 'credit': 10.0}),
            ],
        })

    def _as(self, record, role):
        """Return a record as who holds `role` sees it, with nothing remembered of others."""
        record.env.flush_all()
        record.env.invalidate_all()
        return record.with_user(self.roles[role])

    def _assert_refused(self, call, *args):
        """Check that a call is refused for want of rights, and leaves nothing behind."""
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            call(*args)
            self.env.flush_all()
        self.env.invalidate_all()

    def _assert_cannot_write(self, record, **values):
        for name, value in values.items():
            with self.subTest(record=record, field=name):
                self._assert_refused(record.write, {name: value})
