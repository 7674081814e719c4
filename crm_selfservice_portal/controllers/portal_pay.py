from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.crm_roles.replica import only_read
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..cart import Cart
from ..carts import parse_account, parse_amount, read_cart, write_cart
from ..open_items import OpenItems, open_accounts
from ..set_off import SetOff
from .check_right import check_right

URL = '/my/pay'
# So many bills stand on one page.
BILLS_PER_PAGE = 100


class PortalPay(PortalAccount):

    @route(
        [URL, f'{URL}/page/<int:page>'], type='http', auth='user', website=True, readonly=only_read)
    def portal_my_pay(self, page=1, refused=None, done=None, **params):
        """Show what is open, to be ticked.

        :param str done: `set_off` after something was set off
        :param str account: company and currency of the cart, see `parse_account`
        :param str filter: `overdue` for what is overdue, ticked
        """
        self._check_payer()
        open_items = self._open_items(params.get('account'))
        overdue = params.get('filter') == 'overdue'
        pager = portal_pager(
            url=URL, total=open_items.count_bills(overdue), page=page, step=BILLS_PER_PAGE,
            url_args={'account': self._account_name(open_items), 'filter': params.get('filter')})
        items = open_items.find(
            None, overdue, limit=BILLS_PER_PAGE, offset=pager['offset']).values()
        return request.render('crm_selfservice_portal.portal_my_pay', {
            **self._prepare_pay_values(open_items),
            'items': [item for item in items if item.kind != 'advance'],
            'advances': [item for item in items if item.kind == 'advance'],
            'accounts': self._open_accounts(),
            'account_name': self._account_name,
            'overdue': overdue,
            'ticked': self._ticked(params, items, overdue),
            'today': fields.Date.context_today(request.env.user),
            'several': len({item.customer for item in items}) > 1,
            'pager': pager,
            'page_first': pager['page']['num'] <= 1,
            'page_last': pager['page']['num'] >= pager['page_count'],
            'refused': refused,
            'done': done,
        })

    @route(f'{URL}/checkout', type='http', auth='user', website=True, readonly=only_read)
    def portal_my_pay_checkout(self, **params):
        """Show what was ticked, and by what it can be paid."""
        self._check_payer()
        open_items = self._open_items(params.get('account'))
        try:
            cart = Cart.fill(open_items, self._read_form(params))
            if cart.is_set_off:
                SetOff(cart).check()
        except UserError as error:
            return self.portal_my_pay(**{**params, 'page': 1, 'refused': error.args[0]})
        again = bool(cart.doubled) and params.get('again') == '1'
        name = self._account_name(open_items)
        chosen = write_cart({item.key: abs(amount) for item, amount in cart.chosen.items()})
        return request.render('crm_selfservice_portal.portal_my_pay_checkout', {
            **self._prepare_pay_values(open_items),
            **self._get_common_page_view_values({
                'partner': request.env.user.partner_id,
                'company': open_items.company,
                'total_amount': cart.total,
                'currency': open_items.currency,
                'transaction_route': f'{URL}/transaction/{name}/{chosen}/{int(again)}',
                'landing_route': URL,
            }),
            'set_off_url': cart.is_set_off and f'{URL}/set-off/{name}/{chosen}',
            'amount': cart.total,
            'cart': cart,
            'ask_again': cart.doubled and not again,
        })

    @route(
        f'{URL}/<int:transaction_id>', type='http', auth='user', website=True, readonly=only_read)
    def portal_my_pay_result(self, transaction_id, **params):
        """Show what became of a payment that the user has made."""
        self._check_payer()
        # sudo: payment.transaction, crm.payment.choice - what the user himself has paid
        transaction_sudo = request.env['payment.transaction'].sudo().search([
            ('id', '=', transaction_id), ('choice_ids.user_id', '=', request.env.uid)])
        if not transaction_sudo:
            raise NotFound()
        return request.render('crm_selfservice_portal.portal_my_pay_result', {
            **self._prepare_portal_layout_values(),
            'page_name': 'pay',
            'tx': transaction_sudo,
            'rest': sum(transaction_sudo.choice_ids.mapped('amount_rest')),
        })

    def _check_payer(self):
        """Let through who pays for a customer; for employees there is no such page."""
        if not request.env.user._is_portal():
            raise NotFound()
        check_right('pay')

    def _open_accounts(self):
        return open_accounts(request.env.user, request.env.companies)

    def _open_items(self, account):
        """Return the open items of the account that an address names, else of the first one."""
        known = {(company.id, currency.id): (company, currency)
                 for company, currency in self._open_accounts()}
        named = known.get(parse_account(account)) or next(iter(known.values()))
        # sudo: res.company - a company with which the customer has business
        return OpenItems(request.env.user, named[0].sudo(), named[1])

    def _account_name(self, open_items):
        return f'{open_items.company.id}-{open_items.currency.id}'

    def _prepare_pay_values(self, open_items):
        return {
            **self._prepare_portal_layout_values(),
            'page_name': 'pay',
            'open_items': open_items,
            'company': open_items.company,
            'currency': open_items.currency,
            'args': {'account': self._account_name(open_items)},
            'is_offered': self._is_offered(),
        }

    def _is_offered(self):
        # sudo: ir.config_parameter - Odoo's switch for payments of bills in the portal
        return request.env['ir.config_parameter'].sudo().get_param(
            'account_payment.enable_portal_payment') not in ('', False, 'False', '0')

    def _ticked(self, params, items, overdue):
        """Return which items are ticked, with the text of each amount."""
        if request.httprequest.args.getlist('item'):
            return {key: params.get(f'amount_{key}')
                    for key in request.httprequest.args.getlist('item')}
        return {item.key: None for item in items if overdue and item.kind == 'bill'
                and item.free}

    def _read_form(self, params):
        """Return what was ticked in the form; an amount on account counts without a tick.

        :raise UserError: when an amount is none
        """
        ticked = set(request.httprequest.args.getlist('item')) | {
            name.removeprefix('amount_') for name, text in params.items()
            if name.startswith('amount_p') and text.strip()}
        amounts = {}
        for key in sorted(ticked):
            text = (params.get(f'amount_{key}') or '').strip()
            amounts[key] = parse_amount(text) if text else None
            if text and not amounts[key]:
                raise UserError(request.env._(
                    "%(text)s is no amount that can be paid. Write it like 120.50.",
                    text=text[:20]))
        return amounts

    def _read_cart(self, account, cart):
        """Return the cart of a transaction.

        :raise UserError: when something of it is not open any more, or another account
        """
        open_items = self._open_items(account)
        if self._account_name(open_items) != account:
            return Cart.fill(open_items, {'': None})
        return Cart.fill(open_items, read_cart(cart))
