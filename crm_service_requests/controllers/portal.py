import pytz

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.crm_roles.replica import only_read

from .portal_list import PortalList

# What the list shows.
COLUMNS = [
    'number', 'name', 'type_id', 'date_received', 'state', 'turn', 'commercial_partner_id',
    'assigned_company_id']


def browser_timezone():
    """Return the time zone that the browser tells, none if it tells none that there is.

    :rtype: str
    """
    timezone = request.cookies.get('tz', '')
    return timezone if timezone in pytz.all_timezones_set else ''


def use_timezone(company):
    """Show times where the reader is, or else where the company works.

    :param company: whose pages are read, a `res.company`
    """
    if not request.env.user.tz:
        request.update_context(tz=browser_timezone() or company._timezone())


class RequestPortal(PortalList):
    """The list of requests in the portal."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        requests, partner = request.env['crm.request'], request.env.user.partner_id
        if 'request_count' in counters:
            values['request_count'] = requests.search_count(
                requests._portal_domain(partner) & requests._pending_domain())
        if 'request_turn_count' in counters:
            values['request_turn_count'] = requests.search_count(
                requests._portal_turn_domain(partner))
        return values

    @http.route(
        ['/my/requests', '/my/requests/page/<int:page>'], type='http', auth='user', website=True,
        readonly=only_read)
    def portal_my_requests(self, **params):
        """Show the requests of the user's company, and those on which it must act.

        :param params: of the list, see :meth:`_portal_list`
        """
        layout = self._prepare_portal_layout_values()
        use_timezone(request.env.company)
        requests, partner = request.env['crm.request'], request.env.user.partner_id
        values = self._portal_list(
            '/my/requests', requests, requests._portal_domain(partner), params,
            self._request_sortings(), self._request_filters(), self._request_groups(),
            self._request_searches(), COLUMNS)
        found, filters = values.pop('records'), values.pop('searchbar_filters')
        request.session['my_requests_history'] = found.ids
        return request.render('crm_service_requests.portal_my_requests', {
            **layout,
            **values,
            # They stand above the list.
            'filters': filters,
            'page_name': 'request',
            'requests': found,
            'partner': partner,
            'deadlines': found._portal_deadlines(),
        })

    def _request_sortings(self):
        """Return in which orders the list may be shown, the usual one first.

        :rtype: dict[str, dict]
        """
        return {
            'date': {'label': self.env._("Newest"), 'order': 'date_received DESC'},
            'oldest': {'label': self.env._("Oldest"), 'order': 'date_received'},
            'number': {'label': self.env._("Number"), 'order': 'number'},
            'name': {'label': self.env._("Subject"), 'order': 'name'},
        }

    def _request_filters(self):
        """Return what the list may be narrowed to, the usual one first.

        :rtype: dict[str, dict]
        """
        requests = request.env['crm.request']
        partner = request.env.user.partner_id
        return {
            'pending': {'label': self.env._("Pending"), 'domain': requests._pending_domain()},
            'turn': {
                'label': self.env._("Your Turn"),
                'domain': requests._portal_turn_domain(partner)},
            'assigned': {
                'label': self.env._("For You to Do"),
                'domain': requests._pending_domain() & requests._assigned_domain(partner)},
            'closed': {'label': self.env._("Done"), 'domain': ~requests._pending_domain()},
            'all': {'label': self.env._("All"), 'domain': Domain.TRUE},
        }

    def _request_groups(self):
        """Return by what the list may be grouped, the usual one first.

        :rtype: dict[str, dict]
        """
        return {
            'none': {'label': self.env._("None"), 'order': '', 'name': lambda record: ''},
            'state': {'label': self.env._("Status"), 'order': 'state', 'name': self._state_label},
            'type': {
                'label': self.env._("Type"), 'order': 'type_id',
                'name': lambda record: record.type_id.name},
        }

    def _request_searches(self):
        """Return in what one may search, everything first.

        :rtype: dict[str, dict]
        """

        def number(text):
            return Domain('number', 'ilike', text)

        def subject(text):
            return Domain('name', 'ilike', text)

        return {
            'all': {
                'input': 'all', 'label': self.env._("Search in All"),
                'domain': lambda text: number(text) | subject(text)},
            'number': {
                'input': 'number', 'label': self.env._("Search in Number"), 'domain': number},
            'name': {
                'input': 'name', 'label': self.env._("Search in Subject"), 'domain': subject},
        }

    def _state_label(self, record):
        return dict(record._fields['state']._description_selection(request.env))[record.state]
