import pytz

from odoo.http import request, route

from odoo.addons.crm_service_requests.controllers.portal import browser_timezone
from odoo.addons.crm_service_requests.controllers.request_page import RequestPage
from odoo.addons.crm_service_requests.controllers.web_form import RequestForm


class DetailRequestForm(RequestForm):
    """The form of some kinds asks what it is about, and tells at once what can be told."""

    @route()
    def request_send(self, type_id, preview=None, **kwargs):
        """Make a request, or only tell what would be answered.

        :param int type_id: the type
        :param str preview: that nothing is to be sent yet
        """
        kind = preview and self._offered_type(type_id)
        if kind and request.env.user._is_portal():
            return self._render_form(kind, request.httprequest.form, {})
        return super().request_send(type_id, **kwargs)

    def _prepare_form(self, kind, form=None, errors=None):
        values = super()._prepare_form(kind, form, errors)
        if not request.env.user._is_portal():
            return values
        zone = self._detail_zone()
        details = kind._web_details(form or {}, zone)
        if form and details:
            chosen, unread = kind._read_web_details(form, zone)
            values['errors'] = {**unread, **values['errors']}
            details['told'] = [] if unread else kind._preview_web_details(chosen)
        return {**values, 'details': details}

    def _read_form(self, kind, form):
        data, files, errors = super()._read_form(kind, form)
        if not request.env.user._is_portal():
            return data, files, errors
        data['details'], unread = kind._read_web_details(form, self._detail_zone())
        return data, files, {**errors, **unread}

    def _detail_zone(self):
        """Return the time zone in which the user reads and writes."""
        return pytz.timezone(browser_timezone()) if browser_timezone() else request.env.tz


class DetailRequestPage(RequestPage):
    """The page of a request tells its customer what he has said."""

    def _prepare_request_page(self, request_sudo, role, token, done):
        values = super()._prepare_request_page(request_sudo, role, token, done)
        if role == 'customer':
            values['details'] = values['details'] + request_sudo._portal_kind_details(
                request.env.user)
        return values
