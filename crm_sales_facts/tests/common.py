from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_roles.tests.mixins import BooksMixin, PeopleMixin, StatementsMixin

from ..models.crm_sales_fact import CrmSalesFact

OUTSIDERS = (
    'service_representative', 'service_supervisor', 'account_representative', 'order_manager',
    'call_center_lead', 'marketing_manager')


class SalesFactsCommon(
        PeopleMixin, BooksMixin, StatementsMixin, AccountTestInvoicingCommon):
    """Two customers, a drill that has cost 60, and the people who sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env['crm.sales.fact']
        # Two of it are one of the company's.
        cls.other_currency = cls.setup_other_currency('EUR')
        cls.customer, cls.other_customer = cls.env['res.partner'].create([
            {'name': "Quinn Carpentry", 'is_company': True},
            {'name': "Acorn Joinery", 'is_company': True}])
        cls.drill, cls.bit = cls.env['product.product'].create([
            {'name': "Pillar Drill", 'list_price': 100.0, 'standard_price': 60.0,
             'taxes_id': [Command.clear()], 'invoice_policy': 'order', 'type': 'consu'},
            {'name': "Bit", 'list_price': 8.0, 'standard_price': 3.33,
             'taxes_id': [Command.clear()], 'invoice_policy': 'order', 'type': 'consu'}])

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref('crm_roles.group_sales_manager')

    @classmethod
    def _create_bill(cls, post=True, lines=None, **values):
        """Return a bill over one drill, or over the lines given as dicts."""
        bill = cls.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': cls.customer.id,
            'invoice_date': '2026-03-02', **values,
            'invoice_line_ids': [
                Command.create({'tax_ids': [Command.clear()], **line})
                for line in lines or [{'product_id': cls.drill.id}]]})
        if post:
            bill.action_post()
        return bill

    def _sold(self, **criteria):
        """Return the quantity, amount and cost that the facts, folded or not, say was sold."""
        self.env.flush_all()
        totals = [0.0, 0.0, 0.0]
        for model in (CrmSalesFact._name, 'crm.sales.fact.delta'):
            [sums] = self.env[model].sudo()._read_group(
                [(name, '=', value and value.id) for name, value in criteria.items()], [],
                ['quantity:sum', 'amount:sum', 'cost:sum'])
            totals = [total + (found or 0.0) for total, found in zip(totals, sums, strict=True)]
        return tuple(round(total, 2) for total in totals)

    def _assert_true(self):
        """Check that the facts say what the books say, before and after they are folded."""
        self._assert_same()
        while self.facts._fold(limit=3):
            self._assert_same()

    def _assert_same(self):
        self.assertEqual(self.facts._differences(), [])
        self.assertEqual(self.env['crm.sales.month']._differences(), [])
        self.assertEqual(self.env['crm.sales.total']._differences(), [])


class MarginAccessCommon(SalesFactsCommon):
    """Somebody of each role, and all ways by which he could get at what he may not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {role: cls._create_user(role) for role in (*OUTSIDERS, 'sales_manager')}
        for user in cls.people.values():
            user.group_ids += cls.env.ref('base.group_allow_export')
        cls.rep = cls.people['account_representative']
        cls.customer.user_id = cls.rep

    def _set_own(self, allowed):
        self.env['res.config.settings'].create({'group_crm_margin_own': allowed}).execute()

    def _ways(self, model, name):
        """Return all ways to get at a field: reading, grouping, exporting, filtering, sorting."""
        records = self.env[model._name].search([], limit=1).with_env(model.env)
        return {
            'read': lambda: records.read([name]),
            'search_read': lambda: model.search_read([], [name], limit=1),
            'web_search_read': lambda: model.web_search_read([], {name: {}}, limit=1),
            'export': lambda: records.export_data([name]),
            'domain': lambda: model.search([(name, '>', 0)]),
            'count': lambda: model.search_count([(name, '>', 0)]),
            'name_search': lambda: model.name_search('', [(name, '>', 0)]),
            'order': lambda: model.search([], order=name),
            'sum': lambda: model._read_group([], [], [f'{name}:sum']),
            'web_read_group': lambda: model.formatted_read_group([], [], [f'{name}:sum']),
            'group': lambda: model._read_group([], [name], ['__count']),
            'having': lambda: model._read_group(
                [], ['company_id'], ['__count'], having=[(f'{name}:sum', '>', 0)]),
            'sorted groups': lambda: model._read_group(
                [], ['company_id'], ['__count'], order=f'{name}:sum'),
        }

    def _assert_hidden(self, model, name):
        """Check that a field, and that there is one, cannot be had by any way."""
        self.assertTrue(self.env[model._name].search_count([], limit=1))
        if model.has_access('read'):
            self.assertNotIn(name, model.fields_get())
        for way, attempt in self._ways(model, name).items():
            try:
                attempt()
            except UserError:
                # Who has no right at all to export is told so.
                continue
            self.fail(f"{way} shows {name} of {model._name} to {self.env.user.login}")
