from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.sale.controllers.portal import CustomerPortal as OrderPortal


def without_token(values):
    """Take the token of a document from what a page is told, when its reader needs none.

    :param dict values: of the page
    :rtype: dict
    """
    if not request.env.user._is_portal():
        return values
    for name in ('prev_record', 'next_record'):
        if isinstance(values.get(name), str):
            values[name] = values[name].partition('?access_token=')[0]
    return values


class OrderToken(OrderPortal):
    """Pages of orders and bills give no token to who reads them by his own rights."""

    def _get_payment_values(self, order_sudo, *args, **kwargs):
        values = super()._get_payment_values(order_sudo, *args, **kwargs)
        if order_sudo._reads_without_token():
            values['access_token'] = ''
        return values

    def _get_page_view_values(self, document, *args, **kwargs):
        return without_token(super()._get_page_view_values(document, *args, **kwargs))


class BillToken(PortalAccount):

    def _invoice_get_page_view_values(self, invoice, access_token, *args, **kwargs):
        values = super()._invoice_get_page_view_values(invoice, access_token, *args, **kwargs)
        return without_token(values)
