from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.portal.controllers.portal import CustomerPortal

NOTE_LENGTH = 500


class PortalOrderDelay(CustomerPortal):
    """What is to be done about an order that will be late."""

    @route(
        '/my/orders/<int:order_id>/late', type='http', auth='user', methods=['GET'], website=True,
        readonly=only_read)
    def portal_order_late(self, order_id, remedy=None, done=None, **params):
        """Tell how late an order will be, and ask what is to be done.

        :param str remedy: the choice that is proposed
        :param str done: whether a choice was taken: `chosen` or `over`
        """
        order = self._late_order(order_id)
        use_timezone(order.company_id)
        labels = request.env['crm.order.delay']._remedy_labels()
        # sudo: sale.order - found by the rights of the user, and shown to him
        order_sudo = order.sudo().with_context(tz=request.env.context.get('tz'))
        return request.render('crm_selfservice_portal.portal_order_late', {
            **self._prepare_portal_layout_values(),
            'page_name': 'order_late',
            'order': order_sudo,
            'delay': order_sudo._delay(),
            'steps': order_sudo._delivery_steps(),
            'may_choose': order_sudo._may_choose_remedy(),
            'labels': labels,
            'remedy': remedy if remedy in labels else 'wait',
            'done': done,
        })

    @route(
        '/my/orders/<int:order_id>/late', type='http', auth='user', methods=['POST'], website=True)
    def portal_order_late_choose(self, order_id, remedy='', note='', **params):
        """Take the choice of the customer.

        :param str remedy: one of the choices
        :param str note: what he says to it
        """
        order = self._late_order(order_id)
        url = f'/my/orders/{order.id}/late'
        if remedy not in request.env['crm.order.delay']._remedy_labels():
            return request.redirect(url)
        done = order._choose_remedy(remedy, " ".join(note.split())[:NOTE_LENGTH])
        return request.redirect_query(url, {'done': 'chosen' if done else 'over'})

    def _late_order(self, order_id):
        """Return an order of the user of which he was told that it will be late.

        :raise NotFound: when there is none, or it is not his
        :raise AccessError: when he may not decide about it
        """
        user = request.env.user
        order = request.env['sale.order'].search([('id', '=', order_id)])
        # sudo: sale.order - whether he was told
        if not user.share or not order.sudo().delay_ids:
            raise NotFound()
        user._check_portal_right('buy')
        return order
