from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.crm_service_requests.controllers.portal_list import PERIOD, PortalList
from odoo.addons.sale.controllers.portal import CustomerPortal as SalePortal

from ..periods import parse_day


class PortalOrders(PortalList, SalePortal):
    """The lists of quotations and orders: what Odoo shows, read without a write."""

    @route(readonly=only_read)
    def portal_my_quotes(self, **kwargs):
        return super().portal_my_quotes(**kwargs)

    @route(readonly=only_read)
    def portal_my_orders(self, **kwargs):
        return super().portal_my_orders(**kwargs)

    def _prepare_quotations_domain(self, partner):
        if not request.env.user._is_portal():
            return super()._prepare_quotations_domain(partner)
        return Domain('state', '=', 'sent')

    def _prepare_orders_domain(self, partner):
        # Whose orders a user of the portal sees is said by the rules.
        if not request.env.user._is_portal():
            return super()._prepare_orders_domain(partner)
        return Domain('state', '=', 'sale')

    def _prepare_sale_portal_rendering_values(self, quotation_page=False, **params):
        values = self._prepare_portal_layout_values()
        use_timezone(request.env.company)
        orders, partner = request.env['sale.order'], request.env.user.partner_id
        domain = (self._prepare_quotations_domain if quotation_page
                  else self._prepare_orders_domain)(partner)
        page = self._portal_list(
            '/my/quotes' if quotation_page else '/my/orders', orders,
            Domain(domain) & created_domain(params), params, self._get_sale_searchbar_sortings(),
            self._quotation_filters() if quotation_page else self._order_filters(),
            customer_groupings(request.env), self._order_searches(), orders._portal_columns())
        found = page.pop('records')
        return {
            **values,
            **page,
            'date': params.get('date_begin'),
            'quotations': found if quotation_page else orders,
            'orders': orders if quotation_page else found,
            'page_name': 'quote' if quotation_page else 'order',
        }

    def _get_sale_searchbar_sortings(self):
        return {
            **super()._get_sale_searchbar_sortings(),
            'oldest': {'label': self.env._("Oldest"), 'order': 'date_order'},
            'name': {'label': self.env._("Number"), 'order': 'name DESC'},
            'amount': {'label': self.env._("Total"), 'order': 'amount_total DESC'},
        }

    def _order_filters(self):
        """Return what the list of orders may be narrowed to, the usual one first.

        :rtype: dict[str, dict]
        """
        return {
            'all': {'label': self.env._("All"), 'domain': Domain.TRUE},
            'underway': {
                'label': self.env._("On Their Way"),
                'domain': request.env['sale.order']._underway_domain()},
        }

    def _quotation_filters(self):
        """Return what the list of quotations may be narrowed to, the usual one first.

        :rtype: dict[str, dict]
        """
        valid = Domain('validity_date', '=', False) | Domain('validity_date', '>=', 'today')
        return {
            'all': {'label': self.env._("All"), 'domain': Domain.TRUE},
            'valid': {'label': self.env._("Valid"), 'domain': valid},
            'expired': {'label': self.env._("Expired"), 'domain': ~valid},
        }

    def _order_searches(self):
        """Return in what one may search, everything first.

        :rtype: dict[str, dict]
        """
        return searches({
            'all': (self.env._("Search in All"), ['name', 'client_order_ref', 'order_line.name']),
            'name': (self.env._("Search in Number"), ['name']),
            'reference': (self.env._("Search in Your Reference"), ['client_order_ref']),
            'product': (self.env._("Search in Products"), ['order_line.name']),
        })


def customer_groupings(env):
    """Return by what the documents of several companies may be grouped.

    :return: nothing for who sees those of one company
    :rtype: dict[str, dict]
    """
    user = env.user
    if not user._is_portal() or len(user._portal_rights().customer_ids or ()) < 2:
        return {}
    return {
        'none': {'label': env._("None")},
        'customer': {
            'label': env._("Company"), 'order': 'commercial_partner_id',
            'name': lambda record: record.commercial_partner_id.name},
    }


def searches(places):
    """Return the places of a search as `_portal_list` takes them.

    :param dict places: the label and the fields of each
    """
    def place(key, label, names):
        return {
            'input': key, 'label': label,
            'domain': lambda text: Domain.OR(Domain(name, 'ilike', text) for name in names)}
    return {key: place(key, *what) for key, what in places.items()}


def created_domain(params):
    """Return the records made in the period that an address of Odoo's may name."""
    start, end = (parse_day((params.get(name) or '')[:10]) for name in PERIOD)
    if not (start and end):
        return Domain.TRUE
    return Domain('create_date', '>', start) & Domain('create_date', '<=', end)
