from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.http import request, route

from .portal_pay import URL, PortalPay

FLOWS = ('direct', 'redirect', 'token')


class PaymentPay(PortalPay):

    @route(
        f'{URL}/transaction/<string:account>/<string:cart>/<int:again>', type='jsonrpc',
        auth='user', website=True)
    def portal_my_pay_transaction(
            self, account, cart, again, amount=None, access_token=None, **kwargs):
        """Make the transaction that pays a cart, and return what the provider's form needs.

        Who presses twice gets the same transaction again.

        :param str account: company and currency, see `parse_account`
        :param str cart: what was chosen, see `read_cart`
        :param int again: whether he pays also what is on its way already
        :param float amount: the total that he was shown
        :raise UserError: when the cart cannot be paid any more, saying why
        """
        self._check_payer()
        self._validate_transaction_kwargs(kwargs)
        self._open_items(account).queue_up()
        found = self._read_cart(account, cart)
        currency = found.open_items.currency
        if not isinstance(amount, (int, float)) or currency.compare_amounts(amount, found.total):
            raise UserError(request.env._(
                "The total is %(total)s by now. Load the page again before you pay.",
                total=currency.format(found.total)))
        if found.is_set_off:
            raise UserError(request.env._(
                "Nothing is left to pay. Choose more, or leave a credit note out."))
        self._check_provider(found, kwargs)
        values = found.values()
        transaction_sudo = self._same_transaction(values, kwargs)
        if not transaction_sudo:
            self._check_doubled(found, again)
            transaction_sudo = self._pay_cart(found, values, kwargs)
        return transaction_sudo._get_processing_values()

    def _check_provider(self, cart, kwargs):
        """Refuse a provider, a method or a way of paying that was not offered.

        :raise UserError: asking to choose again
        """
        offered = self._get_common_page_view_values({
            'partner': request.env.user.partner_id, 'company': cart.open_items.company,
            'total_amount': cart.total, 'currency': cart.open_items.currency,
            'transaction_route': URL, 'landing_route': URL})
        by_token = kwargs.get('flow') == 'token'
        named, known = ('token_id', offered['tokens_sudo']) if by_token else (
            'payment_method_id', offered['payment_methods_sudo'])
        chosen = known.filtered(lambda way: way.id == kwargs.get(named))
        providers = chosen.provider_id if by_token else (
            chosen.provider_ids & offered['providers_sudo'])
        if (
            kwargs.get('flow') not in FLOWS or kwargs.get('is_validation')
            or offered['company_mismatch'] or not self._is_offered()
            or kwargs.get('provider_id') not in providers.ids
        ):
            raise UserError(request.env._(
                "This way of paying is not offered. Load the page again and choose another."))

    def _check_doubled(self, cart, again):
        if cart.doubled and not again:
            raise UserError(request.env._(
                "A payment of %(documents)s is on its way already. Load the page again to see it.",
                documents=", ".join(item.name for item in cart.doubled)))

    def _same_transaction(self, values, kwargs):
        """Return the transaction just made for the same cart, that the provider has not yet."""
        # sudo: payment.transaction - what the user himself has started
        transactions_sudo = request.env['payment.transaction'].sudo()
        started_sudo = transactions_sudo.search(transactions_sudo._underway_domain() & Domain([
            ('state', '=', 'draft'), ('partner_id', '=', request.env.user.partner_id.id),
            ('provider_id', '=', kwargs['provider_id']),
            ('payment_method_id', '=', kwargs.get('payment_method_id') or False),
            ('operation', '=', f"online_{kwargs['flow']}"), ('choice_ids', '!=', False)]))
        wanted = sorted(self._choice_key(choice) for choice in values)
        return started_sudo.filtered(lambda transaction: wanted == sorted(
            self._choice_key({
                'partner_id': choice.partner_id.id, 'move_id': choice.move_id.id,
                'order_id': choice.order_id.id, 'amount': choice.amount})
            for choice in transaction.choice_ids))[:1]

    def _choice_key(self, values):
        return (values['partner_id'], values.get('move_id') or 0, values.get('order_id') or 0,
                round(values['amount'], 6))

    def _pay_cart(self, cart, values, kwargs):
        """Make the transaction of a cart."""
        user, currency = request.env.user, cart.open_items.currency
        bills = [choice['move_id'] for choice in values if choice.get('move_id')
                 and choice['amount'] > 0]
        transaction_sudo = self._create_transaction(
            provider_id=kwargs['provider_id'], payment_method_id=kwargs.get('payment_method_id'),
            token_id=kwargs.get('token_id'), flow=kwargs['flow'],
            tokenization_requested=kwargs.get('tokenization_requested') is True,
            landing_route=URL, amount=cart.total, currency_id=currency.id,
            partner_id=user.partner_id.id, reference_prefix=self._reference_prefix(cart),
            custom_create_values={
                'choice_ids': [Command.create(choice) for choice in values],
                'invoice_ids': [Command.set(bills)],
            })
        transaction_sudo.landing_route = f'{URL}/{transaction_sudo.id}'
        request.env['crm.representative.act']._note(
            'pay', transaction_sudo, currency.format(cart.total))
        return transaction_sudo

    def _reference_prefix(self, cart):
        """Return how the transaction is called: by its one document, else by its customer."""
        if len(cart.chosen) == 1:
            item = next(iter(cart.chosen))
            if item.kind != 'advance':
                return item.name
        return f"PAY{request.env.user.partner_id.commercial_partner_id.id}"
