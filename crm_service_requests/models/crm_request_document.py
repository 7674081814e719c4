from markupsafe import Markup, escape

from odoo import fields, models


class CrmRequestDocument(models.AbstractModel):
    """A document that answers a request: it carries its number and tells what becomes of it."""

    _name = 'crm.request.document'
    _description = "Document That Answers a Request"

    crm_request_id = fields.Many2one(
        'crm.request', "Request", copy=False, index='btree_not_null', check_company=True,
        help="The request of the customer that this document answers.")
    crm_request_number = fields.Char(related='crm_request_id.number', string="Request Number")

    def _tell_requests(self, news):
        """Tell the requests what became of the documents that answer them.

        :param str news: a translated sentence, in which ``%(document)s`` is the document
        """
        # sudo: sale.order, account.move, crm.request - a request hears of its documents, whoever
        # works on them
        documents_sudo = self.sudo().filtered('crm_request_id')
        if not documents_sudo:
            return
        requests_sudo = documents_sudo.crm_request_id
        requests_sudo._note_news({
            request.id: Markup('<br/>').join(
                escape(news) % {'document': document._get_html_link()} for document in documents)
            for request, documents in documents_sudo.grouped('crm_request_id').items()})
        requests_sudo._documents_done(documents_sudo)
