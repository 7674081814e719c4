import pytz

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .. import web_values


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
        # sudo: resource.calendar - in which zone the company works is no secret
        zone = browser_timezone() or company.sudo().resource_calendar_id.tz
        request.update_context(tz=zone)


class RequestPortal(CustomerPortal):
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
        readonly=True)
    def portal_my_requests(
            self, page=1, sortby=None, filterby=None, groupby=None, search='', search_in=None,
            **kwargs):
        """Show the requests of the user's company, and those on which it must act.

        :param str sortby: a key of :meth:`_request_sortings`
        :param str filterby: a key of :meth:`_request_filters`
        :param str groupby: a key of :meth:`_request_groups`
        :param str search_in: a key of :meth:`_request_searches`
        """
        use_timezone(request.env.company)
        search = web_values.line(search[:web_values.LINE_SIZE])
        given = {
            'sortby': (sortby, self._request_sortings()),
            'filterby': (filterby, self._request_filters()),
            'groupby': (groupby, self._request_groups()),
            'search_in': (search_in, self._request_searches()),
        }
        chosen = {
            name: key if key in offered else next(iter(offered))
            for name, (key, offered) in given.items()}
        return request.render('crm_service_requests.portal_my_requests', {
            **self._prepare_portal_layout_values(),
            **self._prepare_requests(page, chosen, search),
            **chosen,
            'page_name': 'request',
            'default_url': '/my/requests',
            'searchbar_sortings': given['sortby'][1],
            'filters': given['filterby'][1],
            'searchbar_groupby': given['groupby'][1],
            'searchbar_inputs': given['search_in'][1],
            'search': search,
        })

    def _prepare_requests(self, page, chosen, search):
        """Return the requests of a page of the list, in their groups.

        :param dict chosen: how they are sorted, filtered, grouped and searched
        :rtype: dict
        """
        requests, partner = request.env['crm.request'], request.env.user.partner_id
        domain = requests._portal_domain(partner)
        domain &= self._request_filters()[chosen['filterby']]['domain']
        if search:
            domain &= self._request_searches()[chosen['search_in']]['domain'](search)
        shown = pager(
            '/my/requests', requests.search_count(domain), page, self._items_per_page,
            url_args={**chosen, 'search': search})
        group = self._request_groups()[chosen['groupby']]
        found = requests.search(
            domain, order=', '.join(filter(None, [
                group['order'], self._request_sortings()[chosen['sortby']]['order'], 'id DESC'])),
            limit=self._items_per_page, offset=shown['offset'])
        request.session['my_requests_history'] = found.ids
        return {
            'pager': shown,
            'requests': found,
            'partner': partner,
            'deadlines': found._portal_deadlines(),
            # sudo: crm.request.type - the names of types that are no longer offered
            'groups': found.sudo().grouped(group['name']),
        }

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
