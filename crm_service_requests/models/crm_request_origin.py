from odoo import api, fields, models

from .origin_card import ESSENTIALS, is_of_supplier, model_label


class CrmRequest(models.Model):
    """The essentials of the document that a request is about, beside the request."""

    _inherit = 'crm.request'

    origin_kind = fields.Char("Kind of Document", compute='_compute_origin_card')
    origin_number = fields.Char("Number of Document", compute='_compute_origin_card')
    origin_state = fields.Char("Status of Document", compute='_compute_origin_card')
    origin_date = fields.Date("Date of Document", compute='_compute_origin_card')
    origin_partner_id = fields.Many2one(
        'res.partner', "Customer of Document", compute='_compute_origin_card')
    origin_currency_id = fields.Many2one(
        'res.currency', "Currency of Document", compute='_compute_origin_card')
    origin_amount = fields.Monetary(
        "Total of Document", currency_field='origin_currency_id',
        compute='_compute_origin_card')
    origin_open_amount = fields.Monetary(
        "Still to Be Paid", currency_field='origin_currency_id',
        compute='_compute_origin_card')
    origin_progress = fields.Char("Progress of Document", compute='_compute_origin_card')
    origin_warning = fields.Char("About Another's Document", compute='_compute_origin_card')

    @api.depends('origin_ref', 'partner_id', 'assigned_partner_id')
    @api.depends_context('uid', 'lang')
    def _compute_origin_card(self):
        documents = self._origins()
        for request in self:
            card = request._origin_card(documents)
            request.origin_kind = card.get('kind')
            request.origin_number = card.get('number')
            request.origin_state = card.get('state')
            request.origin_date = card.get('date')
            request.origin_partner_id = card.get('partner_id')
            request.origin_currency_id = card.get('currency_id')
            request.origin_amount = card.get('amount')
            request.origin_open_amount = card.get('open_amount')
            request.origin_progress = card.get('progress')
            request.origin_warning = card.get('warning')

    @api.readonly
    def get_origin_card(self):
        """Return the essentials of the document that the request is about.

        Of a document that the user may not read there is its ``kind`` and a ``warning`` only.

        :return: ``model``, ``id``, ``kind`` (what it is), ``number``, ``state`` (in words),
            ``date``, ``partner_id``, ``currency_id``, ``amount`` and ``open_amount`` (in that
            currency), ``progress`` and ``warning`` (in words); nothing when there is no document
        :rtype: dict
        :raise AccessError: if the user may not read the request
        """
        self.ensure_one()
        return self._origin_card(self._origins())

    def _origins(self):
        """Return the documents the requests are about, and which of them the user may read.

        :return: the document and whether he may, by the value of ``origin_ref``
        :rtype: dict[Model, tuple[Model, bool]]
        """
        found = {}
        origins = [request.origin_ref for request in self if request.origin_ref]
        for model in {origin._name for origin in origins}:
            documents = self.env[model].browse(
                {origin.id for origin in origins if origin._name == model}).exists()
            readable = set(documents._filtered_access('read')._ids)
            found |= {document: (document, document.id in readable) for document in documents}
        return found

    def _origin_card(self, documents):
        document, is_readable = documents.get(self.origin_ref or None, (None, False))
        if not document:
            return {}
        if is_readable:
            return self._essentials(document)
        return {'kind': model_label(document), 'warning': self.env._(
            "You may not see this document. Ask somebody whose work it is.")}

    def _essentials(self, document):
        """Return what is shown of a document that the user may read.

        :rtype: dict
        """
        essentials = ESSENTIALS[document._name]
        return {
            'model': document._name,
            'id': document.id,
            'kind': essentials.kind(document),
            'number': document.name if document.name not in (False, '/') else (
                document.display_name),
            'state': essentials.state(document),
            'date': fields.Date.to_date(document[essentials.date]),
            'partner_id': document.partner_id.id,
            'currency_id': essentials.amount and document.currency_id.id,
            'amount': essentials.amount and document[essentials.amount],
            'open_amount': essentials.open_amount(document),
            'progress': essentials.progress(document),
            'warning': self._foreign_document_warning(document),
        }

    def _foreign_document_warning(self, document):
        """Return a warning when a document is of neither the customer nor the outside party."""
        # sudo: res.partner - only whether it is the same company
        theirs_sudo = document.sudo().partner_id.commercial_partner_id
        # sudo: res.partner - the same
        ours_sudo = self.sudo().partner_id | self.sudo().assigned_partner_id
        if not ours_sudo or not theirs_sudo or is_of_supplier(document) or (
                theirs_sudo in ours_sudo.commercial_partner_id):
            return False
        return self.env._(
            "This document is of another customer: %(customer)s.", customer=theirs_sudo.name)
