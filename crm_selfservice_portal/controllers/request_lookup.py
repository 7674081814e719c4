from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, request, route
from odoo.tools import email_normalize

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests import web_values
from odoo.addons.crm_service_requests.controllers.request_page import RequestPage

from ..models.crm_request_lookup import LINK_HOURS, NUMBER_SIZE

# Where a session keeps by which links it has opened which requests.
OPENED = 'crm_request_opened'


class RequestLookup(Controller):
    """Who has no access to the portal finds a request by its number and his mail address."""

    @route(
        '/requests/find', type='http', auth='public', website=True, methods=['GET'],
        readonly=only_read, sitemap=False)
    def request_find(self, sent=None, over=None, **params):
        """Ask for the number of a request, and a stranger also for his mail address.

        :param str sent: he has asked before
        :param str over: the link he has used is over
        """
        return self._render_find(sent=bool(sent), over=bool(over))

    @route('/requests/find', type='http', auth='public', website=True, methods=['POST'])
    def request_find_send(self, number='', email='', **params):
        """Note who wants to see which request; the answer is the same for every number.

        :param str number: what he takes for its registration number
        :param str email: his mail address
        """
        number, address = number.strip()[:NUMBER_SIZE], email_normalize(email[:200])
        errors = {}
        if not web_values.CONTROLS.sub('', number):
            errors['number'] = request.env._("Please write the number of the request.")
        if not address or address != email.strip().lower():
            errors['email'] = request.env._("Please write a mail address, like ann@example.com.")
        if not errors and not self._may_ask(address):
            errors['form'] = request.env._(
                "There were too many requests from here within an hour. Please wait, or call us.")
        if errors:
            return self._render_find(errors=errors, number=number, email=email[:200])
        request.env['crm.request.lookup']._ask(web_values.CONTROLS.sub('', number), address)
        return request.redirect('/requests/find?sent=1')

    @route(
        '/my/requests/find', type='http', auth='user', website=True, methods=['GET'],
        readonly=only_read)
    def portal_request_find(self, number='', **params):
        """Jump to the request with a number, or say that there is none.

        :param str number: the registration number, in capital letters or not
        """
        number = web_values.CONTROLS.sub('', number).strip()[:NUMBER_SIZE]
        requests = request.env['crm.request']
        found = number and requests.search(requests._number_domain(number), limit=1)
        if found:
            return request.redirect(f'/my/requests/{found.id}')
        return request.redirect_query('/my/requests', {
            'filterby': 'all', 'search_in': 'number', 'search': number})

    @route(
        '/requests/open/<string:token>', type='http', auth='public', website=True,
        methods=['GET'], readonly=only_read, sitemap=False)
    def request_open_page(self, token, **params):
        """Ask before a request is opened: programs that look at the links of a mail do not.

        :param str token: of the link
        """
        lookup_sudo = request.env['crm.request.lookup']._of_token(token)
        if lookup_sudo and request.session.get(OPENED, {}).get(
                str(lookup_sudo.request_id.id)) == lookup_sudo.id:
            return request.redirect(f'/my/requests/{lookup_sudo.request_id.id}')
        if lookup_sudo.date_opened:
            lookup_sudo = lookup_sudo.browse()
        return self._render_open(lookup_sudo)

    @route(
        '/requests/open/<string:token>', type='http', auth='public', website=True,
        methods=['POST'])
    def request_open(self, token, **params):
        """Open a request for who has the link of a mail; the link is used up by it.

        :param str token: of the link
        """
        lookup_sudo = request.env['crm.request.lookup']._of_token(token)
        if not lookup_sudo or lookup_sudo.date_opened:
            return self._render_open(lookup_sudo.browse())
        lookup_sudo.date_opened = fields.Datetime.now()
        request_id = lookup_sudo.request_id.id
        request.session[OPENED] = {
            **request.session.get(OPENED, {}), str(request_id): lookup_sudo.id}
        return request.redirect(f'/my/requests/{request_id}')

    def _may_ask(self, address):
        """Tell whether there were not too many wishes from here, or for this address."""
        # sudo: crm.web.rate - everybody who asks is counted
        rates_sudo = request.env['crm.web.rate'].sudo()
        here = rates_sudo._use('address', request.httprequest.remote_addr or '')
        return rates_sudo._use('mail', address) and here

    def _render_find(self, **values):
        return request.render('crm_selfservice_portal.request_find', {
            'errors': {}, 'number': '', 'email': '', 'hours': LINK_HOURS,
            'is_stranger': request.env.user._is_public(), 'page_name': 'find_request', **values})

    def _render_open(self, lookup_sudo):
        response = request.render('crm_selfservice_portal.request_open', {
            'found': lookup_sudo.request_id, 'page_name': 'find_request'})
        response.headers['Referrer-Policy'] = 'no-referrer'
        return response


class LookupRequestPage(RequestPage):
    """Who has opened a request by a link sees its page as its customer, until the link is over."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        try:
            return super()._document_check_access(model_name, document_id, access_token)
        except (AccessError, MissingError):
            opened_sudo = self._opened_request(document_id) if model_name == 'crm.request' else None
            if not opened_sudo:
                raise
            return opened_sudo

    def _opened_request(self, request_id):
        """Return the request that the session may see by a link, as the superuser.

        :rtype: crm.request
        """
        lookup_id = request.session.get(OPENED, {}).get(str(request_id))
        # sudo: crm.request.lookup - the session was given the link that we sent
        lookup_sudo = request.env['crm.request.lookup'].sudo().browse(
            lookup_id or []).exists()._valid()
        return lookup_sudo.request_id.filtered(lambda opened: opened.id == request_id)

    def _prepare_request_page(self, request_sudo, role, token, done):
        values = super()._prepare_request_page(request_sudo, role, token, done)
        if token or request_sudo.with_user(request.env.user).has_access('read'):
            return values
        return {
            **values, 'plain_answer': values['may_act'], 'follows_documents': False,
            'conversation': request_sudo._portal_messages()}

    def _turn_away_from_request(self, request_id):
        if str(request_id) in request.session.get(OPENED, {}):
            return request.redirect('/requests/find?over=1')
        return super()._turn_away_from_request(request_id)
