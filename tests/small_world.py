"""The small world that the tests of growth multiply: a customer and all that happens to him.

All of it is made as Odoo makes it. Of models of which the story tells nothing `world_filler.py`
makes a record.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

QUIETLY = {'tracking_disable': True, 'no_reset_password': True, 'mail_create_nolog': True,
           'mail_auto_subscribe_no_notify': True}


def prepare(env):
    """Make what all worlds share.

    :return: the sales journal, the account receivable and the user the story is told by
    """
    env.company.write({'late_notice': True, 'resource_calendar_id': env[
        'resource.calendar'].create({'name': "Always", 'tz': 'UTC', 'attendance_ids': [
            Command.clear(), *(Command.create({
                'name': "Work", 'dayofweek': str(day), 'hour_from': 0, 'hour_to': 24,
                'day_period': 'morning'}) for day in range(7))]}).id})
    receivable, income = env['account.account'].create([
        {'name': "Customers", 'code': 'GRWREC', 'account_type': 'asset_receivable'},
        {'name': "Sales", 'code': 'GRWINC', 'account_type': 'income'}])
    journal = env['account.journal'].create({
        'name': "Bills", 'code': 'GRWB', 'type': 'sale', 'default_account_id': income.id})
    return journal, receivable


class Story:
    """What is made for one world; what it holds is told by its names."""

    def __init__(self, env, journal, receivable):
        self.env = env(context={**env.context, **QUIETLY})
        self.journal, self.receivable = journal, receivable
        self.now, self.today = fields.Datetime.now(), fields.Date.today()
        for part in (
                self._people, self._products, self._orders, self._bills, self._calls,
                self._requests, self._campaign, self._commission, self._process, self._portal):
            part()
            self.env.flush_all()

    def _people(self):
        users = self.env['res.users'].create([
            {'name': name, 'login': login, 'email': f'{login}@example.com',
             'group_ids': [Command.set(self.env.ref(group).ids)]}
            for name, login, group in (
                ("Mo", 'growth.mo', 'crm_roles.group_order_manager'),
                ("Ada", 'growth.ada', 'crm_roles.group_account_representative'),
                ("Sue", 'growth.sue', 'crm_roles.group_service_representative'),
                ("Portia", 'growth.portia', 'base.group_portal'))])
        self.manager, self.seller, self.service, self.reader = users
        self.customer, self.other = self.env['res.partner'].create([
            {'name': name, 'is_company': True, 'email': email, 'phone': phone,
             'country_id': self.env.ref('base.us').id, 'user_id': self.seller.id,
             'personal_manager_id': self.seller.id,
             'property_account_receivable_id': self.receivable.id}
            for name, email, phone in (
                ("Quinn Carpentry", 'quinn@example.com', '+12125550100'),
                ("Doyle Joinery", 'doyle@example.com', '+12125550200'))])
        self.reader.partner_id.write({
            'parent_id': self.customer.id, 'user_id': self.seller.id, 'phone': '+12125550300'})
        self.team = self.env['crm.team'].create(
            {'name': "Growth", 'member_ids': [Command.set(self.service.ids)]})
        self.tag = self.env['res.partner.category'].create({'name': "Growth"})

    def _products(self):
        self.product, self.goods = self.env['product.product'].create([
            {'name': "Training", 'type': 'service', 'list_price': 100.0, 'standard_price': 60.0,
             'invoice_policy': 'order', 'taxes_id': [Command.clear()]},
            {'name': "Drill", 'type': 'consu', 'is_storable': True, 'list_price': 50.0,
             'standard_price': 30.0, 'invoice_policy': 'order', 'taxes_id': [Command.clear()]}])
        self.pricelist = self.env['product.pricelist'].create({'name': "Growth"})
        self.template = self.env['sale.order.template'].create({
            'name': "Growth", 'sale_order_template_line_ids': [
                Command.create({'product_id': self.product.id, 'name': "Training"})]})

    def _orders(self):
        orders = self.env['sale.order'].create([{
            'partner_id': self.customer.id, 'user_id': self.seller.id,
            'order_manager_id': manager and manager.id,
            'order_line': [
                Command.create({'product_id': product.id, 'product_uom_qty': quantity})
                for product, quantity in ((self.product, 1), (self.goods, 2))],
        } for manager in (False, self.manager, self.manager, self.manager)])
        self.quotation, self.order, self.billed, self.paid = orders
        (orders - self.quotation).action_confirm()
        self.quotation.action_quotation_sent()
        self.orders = orders
        (orders - self.quotation).commitment_date = self.now + timedelta(days=2)
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = date_order - interval '40 days' WHERE id = ANY(%s)",
            [orders.ids])
        orders.invalidate_recordset()

    def _bills(self):
        bills = self.env['account.move'].union(*(
            order.with_context(default_journal_id=self.journal.id)._create_invoices()
            for order in self.billed | self.paid))
        bills.write({'invoice_date': self.today - timedelta(days=30)})
        bills.invoice_date_due = self.today - timedelta(days=10)
        bills.action_post()
        self.bills = bills
        self.bill, settled = bills
        self.note = settled._reverse_moves([{'invoice_date': self.today}])
        self.note.action_post()

    def _calls(self):
        ref = self.env.ref
        outcomes = {name: ref(f'crm_calls.crm_call_outcome_{name}') for name in (
            'no_answer', 'callback', 'promised')}
        self.outcome = outcomes['promised']
        self.script = self.env['crm.call.script'].search([], limit=1)
        step = self.script.step_ids[0]
        self.calls = self.env['crm.call'].create([{
            'res_model': order._name, 'res_id': order.id, 'partner_id': self.customer.id,
            'user_id': self.manager.id, 'date_start': self.now - timedelta(days=days),
            'outcome_id': outcomes[name].id, 'duration': 3,
            'callback_at': self.now + timedelta(days=1) if name == 'callback' else False,
            'answer_ids': [Command.create(
                {'step_id': step.id, 'choice_id': step.choice_ids[:1].id})],
        } for days, order, name in (
            (3, self.order, 'no_answer'), (2, self.order, 'callback'),
            (2, self.billed, 'promised'), (1, self.quotation, 'no_answer'))])

    def _requests(self):
        kinds = ('information', 'complaint', 'return', 'warranty', 'debt', 'service', 'order')
        requests = self.env['crm.request'].create([{
            'name': f"About {kind}", 'partner_id': self.customer.id, 'user_id': user.id,
            'type_id': self.env.ref(f'crm_service_requests.crm_request_type_{kind}').id,
            'origin_ref': f'sale.order,{self.billed.id}', 'description': "<p>Help!</p>",
        } for kind in kinds for user in (self.service, self.env['res.users'])])
        self.requests = requests
        self.request = requests[0]
        self.returned, self.warranty, self.debt, self.visit = requests[4:12:2]
        self.resolution = self.env.ref('crm_service_requests.crm_request_resolution_answered')
        self.returned.return_line_ids = [Command.create({
            'sale_line_id': self.paid.order_line[1].id, 'quantity': 1.0, 'condition': 'unopened',
            'reason_id': self.env.ref('crm_service_requests.crm_return_reason_mind').id})]
        self.warranty.warranty_product_id = self.goods
        self.visit.technician_ids = self.service
        self.debt.debt_invoice_ids = self.bill

    def _campaign(self):
        self.audience = self.env['crm.audience'].create({
            'name': "Buyers", 'criterion_ids': [Command.create({
                'source': 'order', 'measure': 'count', 'operator': '>=', 'value': 1})]})
        self.campaign = self.env['utm.campaign'].create({
            'title': "Autumn", 'audience_id': self.audience.id, 'budget': 100,
            'date_start': self.today - timedelta(days=10),
            'step_ids': [
                Command.create({'name': "Letter", 'channel': 'letter', 'unit_cost': 1.4}),
                Command.create({'name': "Mail", 'channel': 'mail', 'after_days': 2}),
                Command.create({'name': "Call", 'channel': 'call', 'after_days': 7})],
            'cost_ids': [
                Command.create({'name': "Paper", 'kind': kind, 'amount': 60})
                for kind in ('planned', 'spent')]})
        self.steps = self.campaign.step_ids
        self.members = self.env['crm.campaign.member'].create([
            {'campaign_id': self.campaign.id, 'partner_id': partner.id, 'state': state}
            for partner, state in ((self.customer, 'contacted'), (self.other, 'planned'))])
        self.member = self.members[0]
        self.touch = self.env['crm.campaign.touch'].create({
            'name': "Letter", 'partner_id': self.customer.id, 'campaign_id': self.campaign.id,
            'member_id': self.member.id, 'step_id': self.steps[0].id, 'channel': 'letter'})

    def _commission(self):
        self.plan = self.env['crm.commission.plan'].create({
            'name': "Two Percent", 'rate': 2.0, 'user_ids': [Command.set(self.manager.ids)]})

    def _process(self):
        self.process = self.env['crm.process'].create({
            'name': "Lead of Growth", 'model_name': 'crm.lead',
            'start_domain': "[('type', '=', 'opportunity')]",
            'end_domain': "[('active', '=', False)]",
            'step_ids': [
                Command.create({'name': "Take", 'domain': "[('user_id', '=', False)]",
                                'norm_hours': 8, 'level_ids': [
                                    Command.create({'channel': 'activity'})]}),
                Command.create({'name': "Quote", 'domain': "[('user_id', '!=', False)]",
                                'norm_hours': 16})]})
        self.process.action_activate()
        self.leads = self.env['crm.lead'].create([
            {'name': "Bench", 'type': 'opportunity', 'partner_id': self.customer.id,
             'user_id': user.id} for user in (self.seller, self.env['res.users'])])

    def _portal(self):
        self.transaction = self.env['payment.transaction'].create({
            'reference': 'growth', 'amount': 100.0, 'currency_id': self.bill.currency_id.id,
            'partner_id': self.customer.id, 'sale_order_ids': [Command.set(self.order.ids)],
            'provider_id': self.env['payment.provider'].search([], limit=1).id,
            'payment_method_id': self.env['payment.method'].with_context(
                active_test=False).search([], limit=1).id})
        self.right = self.env['crm.representative.right'].search(
            [('partner_id', '=', self.reader.partner_id.id)])
