from odoo.http import request, route

from odoo.addons.crm_service_requests.controllers.request_page import RequestPage
from odoo.addons.crm_service_requests.controllers.web_form import RequestForm

from .portal_account import PortalAccountStatus

# What is written down of what was done.
ACTS = {'answered': 'answer', 'closed': 'close', 'reopened': 'reopen'}


class RightRequestPage(RequestPage):
    """Only who may make requests of its kind does something with one."""

    def _may_act_on_request(self, request_sudo):
        return super()._may_act_on_request(request_sudo) and request.env.user._may_request(
            request_sudo.kind)

    def _note_request_act(self, request_sudo, done):
        super()._note_request_act(request_sudo, done)
        if done in ACTS:
            request.env['crm.representative.act']._note(ACTS[done], request_sudo)


class RightRequestForm(RequestForm):
    """Only who may make requests is offered their types, and those that he may make."""

    def _offered_types(self):
        user = request.env.user
        user._check_may_request()
        return super()._offered_types().filtered(lambda kind: user._may_request(kind.kind))

    def _offered_type(self, type_id):
        user, kind = request.env.user, super()._offered_type(type_id)
        if not kind and not user._has_portal_right('request'):
            offered = request.env['crm.request.type']._offered()
            for forbidden in offered.filtered(lambda kind: kind.id == type_id):
                user._check_may_request(forbidden.kind)
        return kind


class RightAccountStatus(PortalAccountStatus):
    """Only who may ask for help asks to be called."""

    @route()
    def portal_my_call_back(self, when='', phone='', note='', **params):
        request.env.user._check_may_request('help')
        return super().portal_my_call_back(when, phone, note, **params)
