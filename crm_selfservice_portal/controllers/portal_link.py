from odoo.http import request

from odoo.addons.crm_service_requests.controllers.request_page import RequestPage
from odoo.addons.mail.controllers.thread import ThreadController
from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.portal_mixin_link import LINKED
from .check_right import link_error


class PortalLink(CustomerPortal):
    """A link shows what the contact of its document may see."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        document_sudo = super()._document_check_access(model_name, document_id, access_token)
        if access_token and model_name in LINKED and (
                document_sudo._is_linked_for(request.env.user)
                and not document_sudo._link_shows()):
            raise link_error(document_sudo)
        return document_sudo


class RequestLink(RequestPage):
    """By a link, of a mail or asked for by number, one does with a request what its contact may."""

    def _may_act_on_request(self, request_sudo):
        return super()._may_act_on_request(request_sudo) and (
            not request_sudo._is_linked_for(request.env.user)
            or request_sudo._link_allows('request'))


class ThreadLink(ThreadController):
    """By a link one writes under a document if its contact may."""

    @classmethod
    def _get_thread_with_access_for_post(cls, thread_model, thread_id, **kwargs):
        thread = super()._get_thread_with_access_for_post(thread_model, thread_id, **kwargs)
        by_link = thread and thread_model in LINKED and thread._is_linked_for(request.env.user)
        return thread if not by_link or thread._link_writes() else thread.browse()
