from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.crm_service_requests.controllers.portal_list import PortalList

from .portal_account import PortalAccountStatus
from .portal_orders import searches

URL = '/my/documents'
# So many unread documents stand on the page of the account.
NEWEST = 5


class PortalDocuments(PortalList, PortalAccountStatus):
    """The documents that are shared with the customer."""

    @route(
        [URL, f'{URL}/page/<int:page>'], type='http', auth='user', website=True, readonly=only_read)
    def portal_my_documents(self, **params):
        """List the documents that are shared with the customer.

        :param params: of the list, see `_portal_list`
        """
        if not request.env.user.share:
            raise NotFound()
        use_timezone(request.env.company)
        page = self._portal_list(
            URL, request.env['crm.shared.document'], Domain.TRUE, params,
            self._document_sortings(), self._document_filters(),
            searches=searches({'all': (
                request.env._("Search in Documents"), ['name', 'type_id.name'])}))
        documents = page.pop('records')
        return request.render('crm_selfservice_portal.portal_my_documents', {
            **self._prepare_portal_layout_values(),
            **page,
            'page_name': 'documents',
            'documents': documents,
            'unread': self._unread_documents(documents),
        })

    @route(
        f'{URL}/<int:document_id>/download', type='http', auth='user', website=True,
        methods=['GET'], readonly=False)
    def portal_my_document_download(self, document_id, **params):
        """Give a document, and note that the user has read it.

        :param int document_id: the document; one that is not shared with him is not there
        """
        user = request.env.user
        if not user.share:
            raise NotFound()
        document = request.env['crm.shared.document'].search([('id', '=', document_id)])
        if not document:
            raise NotFound()
        # sudo: crm.shared.document - it is shared with the user
        document_sudo = document.sudo()
        # sudo: crm.shared.document.receipt - its receipt is written by the system
        receipts_sudo = request.env['crm.shared.document.receipt'].sudo()
        if receipts_sudo._note_read(document_sudo, user.partner_id):
            request.env['crm.representative.act']._note('document', document)
        stream = request.env['ir.binary']._get_stream_from(
            document_sudo, 'file', filename=document_sudo._download_name())
        return stream.get_response(as_attachment=True)

    def _prepare_underway(self):
        documents = request.env['crm.shared.document']
        unread = documents.search(
            ~documents._read_by_domain(request.env.user.partner_id), limit=NEWEST)
        return {**super()._prepare_underway(), 'documents': unread}

    def _unread_documents(self, documents):
        """Return those of some documents that the user has not read yet."""
        return documents.search(
            Domain('id', 'in', documents.ids)
            & ~documents._read_by_domain(request.env.user.partner_id))

    def _document_sortings(self):
        """Return in which orders the list may be shown.

        :rtype: dict[str, dict]
        """
        return {
            'date': {'label': request.env._("Newest"), 'order': 'date_published DESC'},
            'name': {'label': request.env._("Name"), 'order': 'name'},
            'end': {'label': request.env._("Valid until"), 'order': 'date_to'},
        }

    def _document_filters(self):
        """Return which documents may be shown.

        :rtype: dict[str, dict]
        """
        read = request.env['crm.shared.document']._read_by_domain(request.env.user.partner_id)
        return {
            'all': {'label': request.env._("All"), 'domain': Domain.TRUE},
            'unread': {'label': request.env._("Not Yet Read"), 'domain': ~read},
        }
