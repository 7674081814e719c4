import json

from odoo.fields import Command

from .common import SelfServiceCommon

URL = '/my/pay'


class PayCommon(SelfServiceCommon):
    """Acorn Joinery owes three bills; payments by a demo provider, or by wire transfer.

    | bill       | amount | due        |
    |------------|--------|------------|
    | bills[0]   | 100.00 | 2025-01-31 |
    | bills[1]   |  80.00 | 2025-02-28 |
    | bills[2]   |  20.50 | 2099-01-31 |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.account_name = f'{cls.company.id}-{cls.currency.id}'
        cls.method = cls.env.ref('payment_demo.payment_method_demo').sudo()
        cls.method.active = True
        cls.provider = cls._create_provider('payment.payment_provider_demo')
        cls.bills = cls.env['account.move'].union(*(
            cls._bill(amount, '2025-01-10', due=due) for amount, due in (
                (100.0, '2025-01-31'), (80.0, '2025-02-28'), (20.5, '2099-01-31'))))
        cls.Choice = cls.env['crm.payment.choice'].sudo()
        cls.Transaction = cls.env['payment.transaction'].sudo()
        cls.right = cls._right(cls.ann)

    @classmethod
    def _create_provider(cls, xmlid):
        provider = cls.env.ref(xmlid).sudo()
        if provider.company_id != cls.company:
            provider = provider.copy({'company_id': cls.company.id})
        provider.write({'state': 'test', 'is_published': True})
        provider.with_context(active_test=False).payment_method_ids.active = True
        provider.journal_id = cls.company_data['default_journal_bank']
        provider.journal_id.inbound_payment_method_line_ids.payment_account_id = (
            cls._outstanding_account())
        return provider

    @classmethod
    def _outstanding_account(cls):
        """Return the account on which payments stand until the bank statement comes."""
        return cls.company.transfer_account_id

    @classmethod
    def _right(cls, user):
        return cls.env['crm.representative.right'].search(
            [('partner_id', '=', user.partner_id.id)])

    @classmethod
    def _order(cls, amount, partner=None, **values):
        order = cls.env['sale.order'].create({
            'partner_id': (partner or cls.acorn).id,
            'order_line': [Command.create({
                'product_id': cls.product_a.id, 'price_unit': amount, 'tax_ids': [Command.clear()],
            })], **values})
        order.with_context(skip_procurement=True).action_confirm()
        return order

    def _pay_choices(self, chosen, user=None, state='done', **values):
        """Return the transaction of a user that pays some things, as Odoo processes it.

        :param chosen: pairs of a document, or of a customer, and an amount
        """
        user = user or self.ann
        fields = {'account.move': 'move_id', 'sale.order': 'order_id'}
        transaction = self.Transaction.create({
            'provider_id': self.provider.id, 'payment_method_id': self.method.id,
            'reference': f'T{self.Transaction.search_count([])}', 'operation': 'online_direct',
            'amount': sum(amount for _record, amount in chosen),
            'currency_id': self.currency.id, 'partner_id': user.partner_id.id,
            'invoice_ids': [Command.set([
                record.id for record, amount in chosen
                if record._name == 'account.move' and amount > 0])],
            'choice_ids': [Command.create({
                'partner_id': self._payer(record).id, 'user_id': user.id, 'amount': amount,
                **({fields[record._name]: record.id} if record._name in fields else {}),
            }) for record, amount in chosen], **values})
        if state == 'pending':
            transaction._set_pending()
        if state == 'done':
            self._finish(transaction)
        return transaction

    def _payer(self, record):
        if record._name == 'sale.order':
            return record.partner_invoice_id.commercial_partner_id
        return record.commercial_partner_id

    def _finish(self, transactions):
        for transaction in transactions:
            transaction._set_done()
            transaction._post_process()

    def _open(self, user, path, **values):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(path, **values)

    def _json(self, path, params):
        return self.url_open(
            path, data=json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}),
            headers={'Content-Type': 'application/json'})

    def _transact(self, cart, amount, again=0, account=None, **values):
        """Post to the route that makes the transaction of a cart, as the form of Odoo does."""
        return self._json(
            f'{URL}/transaction/{account or self.account_name}/{cart}/{again}', {
                'provider_id': self.provider.id, 'payment_method_id': self.method.id,
                'token_id': None, 'amount': amount, 'flow': 'direct',
                'tokenization_requested': False, 'landing_route': '/evil', 'is_validation': False,
                'access_token': None, 'csrf_token': 'x', **values})

    def _transaction(self, *args, **values):
        """Return the transaction that was made of a cart."""
        answer = self._transact(*args, **values).json()
        self.assertNotIn('error', answer, answer.get('error', {}).get('data', {}).get('message'))
        return self.Transaction.search([('reference', '=', answer['result']['reference'])])

    def _refusal(self, *args, **values):
        """Return with which words a cart was refused."""
        answer = self._transact(*args, **values).json()
        self.assertIn('error', answer)
        return answer['error']['data']['message']

    def _simulate(self, transaction, state):
        """Let the demo provider say how the payment went, and the page of Odoo follow."""
        self._json('/payment/demo/simulate_payment', {
            'reference': transaction.reference, 'payment_details': '1234',
            'simulated_state': state})
        return self._json('/payment/status/poll', {}).json()['result']

    def _cart(self, *chosen):
        return '_'.join(f'm{bill.id}-{amount}' for bill, amount in chosen)

    def _balance(self, customer=None):
        """Return what the customer owes, as his statement says."""
        ledger = self._statement('2020-01-01', '2099-12-31', partner=customer)._ledger()
        return ledger.totals().closing
