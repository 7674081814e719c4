from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.sale_management.controllers.portal import CustomerPortal

from .check_right import check_link, check_right


class OrderRights(CustomerPortal):
    """Quotations are accepted, declined and changed by who may buy."""

    @route()
    def portal_quote_document(self, order_id, document_id, access_token=None):
        # Who reads the order by his own rights has no token.
        return super().portal_quote_document(order_id, document_id, access_token)

    @route()
    def portal_quote_accept(self, order_id, **kwargs):
        self._check_decides_order(order_id, kwargs.get('access_token'))
        result = super().portal_quote_accept(order_id, **kwargs)
        if 'error' not in result:
            self._note_order(order_id, 'accept', kwargs.get('name'))
        return result

    @route()
    def portal_quote_decline(self, order_id, **kwargs):
        self._check_decides_order(order_id, kwargs.get('access_token'))
        response = super().portal_quote_decline(order_id, **kwargs)
        if self._seen_order(order_id).state == 'cancel':
            self._note_order(order_id, 'decline', kwargs.get('decline_message'))
        return response

    @route()
    def portal_quote_option_update(self, order_id, line_id, **kwargs):
        self._check_decides_order(order_id, kwargs.get('access_token'))
        return super().portal_quote_option_update(order_id, line_id, **kwargs)

    def _check_decides_order(self, order_id, access_token):
        """Refuse a customer who may not buy, and an employee who may not write the order.

        :param str access_token: of the link of the order, as far as the address has it not
        :raise AccessError: answered with status 403
        """
        check_right('buy')
        token = access_token or request.httprequest.args.get('access_token')
        check_link(self, 'sale.order', order_id, token, 'buy')
        if request.env.user._is_internal():
            order = request.env['sale.order'].search([('id', '=', order_id)])
            if not (order.has_access('write') and order._may_write_field('signed_by')):
                raise AccessError(request.env._(
                    "%(order)s: you may not change this order, so you cannot answer for the "
                    "customer.", order=order.name or ''))

    def _note_order(self, order_id, act, note):
        if order := self._seen_order(order_id):
            request.env['crm.representative.act']._note(act, order, note or '')

    def _seen_order(self, order_id):
        """Return the order when a user of the portal reads it by his own rights."""
        orders = request.env['sale.order']
        return orders.search([('id', '=', order_id)]) if request.env.user._is_portal() else orders
