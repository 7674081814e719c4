from werkzeug.exceptions import abort

from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.account_payment.controllers.payment import PaymentPortal as BillPayment
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.sale.controllers.portal import PaymentPortal as OrderPayment


def check_right(right):
    """Refuse a user of the portal who has not the right, also where JSON is spoken.

    :param str right: one of `crm_representative_right.RIGHTS`
    :raise AccessError: answered with status 403
    """
    try:
        request.env.user._check_portal_right(right)
    except AccessError as error:
        if request.dispatcher.routing_type != 'jsonrpc':
            raise
        response = request.dispatcher.handle_error(error)
        response.status_code = 403
        abort(response)


class BillPaymentRights(BillPayment):
    """Odoo's own ways to pay bills are for who may pay."""

    @route()
    def invoice_transaction(self, *args, **kwargs):
        check_right('pay')
        return super().invoice_transaction(*args, **kwargs)

    @route()
    def overdue_invoices_transaction(self, *args, **kwargs):
        check_right('pay')
        return super().overdue_invoices_transaction(*args, **kwargs)


class OrderPaymentRights(OrderPayment):
    """Odoo's own way to pay an order is for who may pay."""

    @route()
    def portal_order_transaction(self, *args, **kwargs):
        check_right('pay')
        return super().portal_order_transaction(*args, **kwargs)


class OverdueRights(PortalAccount):
    """What is overdue is chosen among what is open."""

    @route()
    def portal_my_overdue_invoices(self, *args, **kwargs):
        check_right('pay')
        if request.env.user._is_portal():
            return request.redirect('/my/pay?filter=overdue')
        return super().portal_my_overdue_invoices(*args, **kwargs)
