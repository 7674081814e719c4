from odoo.http import request, route

from odoo.addons.account.controllers.portal import PortalAccount
from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.crm_service_requests.controllers.portal_list import PortalList

from .portal_orders import created_domain, customer_groupings, searches


class PortalInvoices(PortalList, PortalAccount):
    """The list of bills: what Odoo shows, read without a write."""

    @route(readonly=only_read)
    def portal_my_invoices(self, **params):
        layout = self._prepare_portal_layout_values()
        use_timezone(request.env.company)
        moves = request.env['account.move']
        page = self._portal_list(
            '/my/invoices', moves, self._get_invoices_domain() & created_domain(params), params,
            self._get_account_searchbar_sortings(), self._get_account_searchbar_filters(),
            customer_groupings(request.env), self._invoice_searches(), moves._portal_columns())
        found = page.pop('records')
        request.session['my_invoices_history'] = found.ids[:100]
        return request.render('account.portal_my_invoices', {
            **layout,
            **page,
            'date': params.get('date_begin'),
            'invoices': found._portal_rows(),
            'overdue_invoice_count': len(
                found.filtered_domain(self._get_overdue_invoices_domain())),
            'page_name': 'invoice',
        })

    def _invoice_searches(self):
        """Return in what one may search, everything first.

        :rtype: dict[str, dict]
        """
        return searches({
            'all': (self.env._("Search in All"), ['name', 'ref', 'invoice_origin']),
            'name': (self.env._("Search in Number"), ['name']),
            'reference': (self.env._("Search in Reference"), ['ref']),
            'order': (self.env._("Search in Orders"), ['invoice_origin']),
        })
