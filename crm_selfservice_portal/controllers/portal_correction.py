import hashlib

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.portal.controllers.portal import CustomerPortal

from .correction_form import CorrectionForm

URL = '/my/orders/<int:order_id>/correct'


class PortalCorrection(CustomerPortal):
    """A customer corrects his order: he fills in a form, sees what it does to the price, and
    confirms that.
    """

    @route(URL, type='http', auth='user', methods=['GET'], website=True, readonly=only_read)
    def portal_order_correct(self, order_id, **params):
        """Show the form, or why the order cannot be corrected."""
        return self._show_correction_form(self._order_to_correct(order_id))

    @route(URL, type='http', auth='user', methods=['POST'], website=True)
    def portal_order_correct_preview(self, order_id, edit=None, **form):
        """Show what a correction does to the price; nothing is stored.

        :param str edit: whether to go back to the form
        """
        order_sudo = self._order_to_correct(order_id)
        if edit or self._is_correction_closed(order_sudo):
            return self._show_correction_form(order_sudo, form)
        return self._show_correction_preview(order_sudo, form)

    @route(f'{URL}/confirm', type='http', auth='user', methods=['POST'], website=True)
    def portal_order_correct_confirm(self, order_id, seal='', **form):
        """Correct the order as its preview said, or send the correction for approval.

        :param str seal: of the preview
        """
        order_sudo = self._order_to_correct(order_id)
        if self._is_correction_closed(order_sudo):
            return self._show_correction_form(order_sudo, form)
        read = CorrectionForm(order_sudo, form)
        if self._correction_complaints(read):
            return self._show_correction_preview(order_sudo, form)
        effect = order_sudo._correction_effect(read.wish)
        if seal != self._correction_seal(order_sudo, effect):
            return self._show_correction_preview(order_sudo, form, changed=True)
        try:
            with request.env.cr.savepoint():
                correction_sudo = order_sudo._correct(read.wish, effect)
        except UserError as error:
            return self._show_correction_form(order_sudo, form, [str(error)])
        return self._back_to_order(order_sudo, correction_sudo.state)

    @route(f'{URL}/withdraw', type='http', auth='user', methods=['POST'], website=True)
    def portal_order_correct_withdraw(self, order_id, correction='', **params):
        """Take back the correction that waits for us.

        :param str correction: which one
        """
        order_sudo = self._order_to_correct(order_id)
        waiting_sudo = order_sudo.waiting_correction_id
        if str(waiting_sudo.id) != correction:
            return self._back_to_order(order_sudo, 'decided')
        try:
            with request.env.cr.savepoint():
                waiting_sudo._withdraw()
        except UserError as error:
            return self._show_correction_form(order_sudo, {}, [str(error)])
        request.env['crm.representative.act']._note(
            'correct', order_sudo, request.env._("Withdrawn"))
        return self._back_to_order(order_sudo, 'withdrawn')

    def _order_to_correct(self, order_id):
        """Return an order of the user, with all rights.

        :raise AccessError: when he may not buy
        :raise NotFound: when he has no such order
        """
        user = request.env.user
        if not user._is_portal():
            raise NotFound()
        user._check_portal_right('buy')
        use_timezone(request.env.company)
        order = request.env['sale.order'].search(Domain('id', '=', order_id))
        if not order:
            raise NotFound()
        # sudo: sale.order - found by the rights of the user, who may correct it
        order_sudo = order.sudo()
        return order_sudo.with_company(order_sudo.company_id)

    def _is_correction_closed(self, order_sudo):
        return bool(order_sudo.waiting_correction_id or order_sudo._correction_closed())

    def _correction_complaints(self, read):
        """Return what is wrong with a form that was read, in sentences."""
        order = read.order
        return read.complaints or [
            *order._correction_unoffered(read.wish), *order._correction_obstacles(read.wish)]

    def _correction_seal(self, order_sudo, effect):
        """Return what tells whether the order is still the one of which a preview was shown."""
        state = [
            order_sudo.partner_shipping_id.id, order_sudo.commitment_date, effect.total,
            [(line.id, line.product_uom_qty, line.price_total, line.qty_delivered,
              line.qty_invoiced) for line in order_sudo.order_line]]
        return hashlib.sha256(repr(state).encode()).hexdigest()

    def _show_correction_preview(self, order_sudo, form, changed=False):
        read = CorrectionForm(order_sudo, form)
        if complaints := self._correction_complaints(read):
            return self._show_correction_form(order_sudo, form, complaints)
        effect = order_sudo._correction_effect(read.wish)
        return request.render('crm_selfservice_portal.portal_order_correct_preview', {
            **self._prepare_correction_page(order_sudo),
            'form': form,
            'wish': read.wish,
            'effect': effect,
            'needs_approval': order_sudo._correction_needs_approval(read.wish, effect),
            'seal': self._correction_seal(order_sudo, effect),
            'changed': changed,
        })

    def _show_correction_form(self, order_sudo, form=None, complaints=()):
        first, last = order_sudo._correction_days()
        planned = order_sudo._planned_date()
        return request.render('crm_selfservice_portal.portal_order_correct', {
            **self._prepare_correction_page(order_sudo),
            'form': form or {},
            'complaints': complaints,
            'waiting': order_sudo.waiting_correction_id,
            'closed': order_sudo._correction_closed(),
            'deadline': order_sudo._correction_deadline(),
            'lines': order_sudo.order_line._correctable(),
            'addresses': order_sudo._correction_addresses(),
            'planned': planned and order_sudo._local_day(planned),
            'first_day': first,
            'last_day': last,
        })

    def _prepare_correction_page(self, order_sudo):
        return {
            **self._prepare_portal_layout_values(),
            'page_name': 'correct_order',
            'order': order_sudo,
            'contact': request.env.user._portal_contact(),
            'company': order_sudo.company_id,
        }

    def _back_to_order(self, order_sudo, corrected):
        return request.redirect_query(f'/my/orders/{order_sudo.id}', {'corrected': corrected})
