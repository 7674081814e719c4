from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_roles.tests.mixins import BooksMixin, PeopleMixin, StatementsMixin


class SelfServiceCommon(
        PeopleMixin, BooksMixin, StatementsMixin, AccountTestInvoicingCommon):
    """Two customers with users of the portal, and people of the company.

    | customer       | contacts who use the portal | salesperson            |
    |----------------|-----------------------------|------------------------|
    | Acorn Joinery  | ann, ben                    | account_representative |
    | Birch & Sons   | bea                         | colleague              |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.roles = cls._create_users(
            'service_representative', 'account_representative', 'order_manager',
            'marketing_manager')
        cls.colleague = cls._create_user('account_representative', 'colleague')
        cls.acorn = cls._create_customer("Acorn Joinery", cls.roles['account_representative'])
        cls.birch = cls._create_customer("Birch & Sons", cls.colleague)
        cls.ann, cls.ben = (cls._create_portal_user(name, cls.acorn) for name in ('ann', 'ben'))
        cls.bea = cls._create_portal_user('bea', cls.birch)

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref('crm_roles.group_sales_manager')

    @classmethod
    def _create_customer(cls, name, salesperson=None, **values):
        return cls.env['res.partner'].create({
            'name': name, 'is_company': True, 'user_id': salesperson and salesperson.id,
            'email': f'{name.split()[0].lower()}@example.com', **values})

    @classmethod
    def _create_portal_user(cls, login, company):
        user = new_test_user(
            cls.env, login, 'base.group_portal', name=login.title(),
            email=f'{login}@example.com', company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)])
        user.partner_id.parent_id = company
        return user

    @classmethod
    def _bill(cls, amount, day, partner=None, due=None, post=True, **values):
        """Return a bill, posted unless told otherwise."""
        bill = cls.env['account.move'].create({
            'move_type': 'out_invoice',
            'partner_id': (partner or cls.acorn).id,
            'invoice_date': day,
            'invoice_date_due': due or day,
            'invoice_payment_term_id': False,
            'invoice_line_ids': [Command.create({
                'name': "Work Bench", 'price_unit': amount, 'tax_ids': [Command.clear()]})],
            **values,
        })
        if post:
            bill.action_post()
        return bill

    @classmethod
    def _credit(cls, amount, day, **values):
        return cls._bill(amount, day, move_type='out_refund', **values)

    @classmethod
    def _pay(cls, bills, day, **values):
        """Return the payment of bills, in full unless told otherwise."""
        return cls.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=bills.ids).create({
                'payment_date': day, **values})._create_payments()

    @classmethod
    def _statement(cls, start, end, partner=None, company=None, currency=None, **values):
        company = company or cls.company
        return cls.env['crm.statement'].create({
            'partner_id': (partner or cls.acorn).id,
            'company_id': company.id,
            'currency_id': (currency or company.currency_id).id,
            'date_from': start,
            'date_to': end,
            **values,
        })

    def _ledger(self, *args, **values):
        return self._statement(*args, **values)._ledger()

    def _rows(self, ledger):
        """Return the entries as people read them: date, kind, amount and balance."""
        return [
            (fields.Date.to_string(entry.date), entry.kind, entry.amount, entry.balance)
            for entry in ledger.entries()]
