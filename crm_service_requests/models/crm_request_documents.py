from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmRequest(models.Model):
    """A request and its documents know of each other, and what was made of it can be undone."""

    _inherit = 'crm.request'

    sale_order_count = fields.Integer("Number of Orders", compute='_compute_document_counts')
    invoice_count = fields.Integer("Number of Bills", compute='_compute_document_counts')
    may_undo_conversion = fields.Boolean(compute='_compute_may_undo_conversion')

    @api.depends('sale_order_ids', 'invoice_ids')
    def _compute_document_counts(self):
        # sudo: sale.order, account.move - how many there are; who opens them sees his own
        orders, bills = (
            dict(self.env[model].sudo()._read_group(
                [('crm_request_id', 'in', self.ids)], ['crm_request_id'], ['__count']))
            for model in ('sale.order', 'account.move'))
        for request in self:
            request.sale_order_count = orders.get(request._origin, 0)
            request.invoice_count = bills.get(request._origin, 0)

    @api.depends('state', 'date_converted', 'sale_order_ids.state', 'invoice_ids.state')
    @api.depends_context('uid')
    def _compute_may_undo_conversion(self):
        for request in self:
            documents = request.id and request.date_converted and request._converted_documents()
            request.may_undo_conversion = bool(documents) and (
                not request._beyond_draft(documents)
                and request._may_make(request._conversion_target()))

    def action_view_orders(self):
        """Open the orders that answer the request.

        :rtype: dict
        """
        self.ensure_one()
        return self._action_open(self.env['sale.order'].search([('crm_request_id', '=', self.id)]))

    def action_view_bills(self):
        """Open the bills and credit notes that answer the request.

        :rtype: dict
        """
        self.ensure_one()
        return self._action_open(
            self.env['account.move'].search([('crm_request_id', '=', self.id)]))

    def action_undo_conversion(self):
        """Take back the draft that was made of the request, and go on with the request.

        A quotation is cancelled; a bill or credit note that was never posted is deleted.

        :raise AccessError: if the user may not make such a document
        :raise UserError: if there is no document, or it is no draft any more
        """
        self.ensure_one()
        documents = self._converted_documents()
        if not documents:
            raise UserError(self.env._(
                "%(request)s has no document that could be taken back.",
                request=self.display_name))
        self._check_may_make(self._conversion_target())
        # sudo: sale.order, account.move - whoever may make the draft may take it back, though
        # roles that make drafts delete nothing else
        documents_sudo = documents.sudo()
        self._check_undoable(documents_sudo)
        self._take_back(documents_sudo)
        self.write({'date_converted': False, 'state': 'open'})

    def _check_undoable(self, documents):
        """Refuse to take back what is no draft any more."""
        beyond = self._beyond_draft(documents)
        if beyond:
            raise UserError(self.env._(
                "%(document)s is no draft any more. Cancel it there, then convert %(request)s "
                "again.", document=", ".join(beyond.mapped('display_name')),
                request=self.display_name))

    @api.model
    def _beyond_draft(self, documents):
        # sudo: sale.order, account.move - only whether they are drafts
        return documents.sudo().filtered(lambda document: document.state not in ('draft', 'sent'))

    def _take_back(self, documents):
        """Cancel quotations; delete bills that never were posted, and cancel the others."""
        if documents._name == 'sale.order':
            documents._action_cancel()
            return
        posted_before = documents.filtered('posted_before')
        posted_before.button_cancel()
        self._message_log_batch(bodies={self.id: self.env._(
            "%(documents)s was taken back.",
            documents=", ".join(documents.mapped('display_name')))})
        (documents - posted_before).unlink()

    # What they tell each other

    def write(self, vals):
        ended = self.browse()
        if vals.get('state') in ('closed', 'cancelled'):
            ended = self.filtered(lambda request: request.state != vals['state'])
        result = super().write(vals)
        ended._tell_documents()
        return result

    def _tell_documents(self):
        """Note on the open documents of closed requests that these are closed."""
        if not self:
            return
        labels = dict(self._fields['state']._description_selection(self.env))
        for model in ('sale.order', 'account.move'):
            # sudo: sale.order, account.move - who closes a request need not see its documents
            documents_sudo = self.env[model].sudo().search(
                [('crm_request_id', 'in', self.ids)]).filtered(
                lambda document: document._is_unfinished())
            documents_sudo._message_log_batch(bodies={
                document.id: self.env._(
                    "The request %(request)s is now: %(state)s",
                    request=document.crm_request_id._get_html_link(),
                    state=labels[document.crm_request_id.state])
                for document in documents_sudo})

    def _note_news(self, bodies):
        """Note on requests what became of their documents; the responsible is told.

        :param bodies: what is noted, by the request's id
        :type bodies: dict[int, Markup]
        """
        of_others = self.filtered(
            lambda request: request.user_id and request.user_id != self.env.user)
        for request in of_others:
            request.message_post(
                body=bodies[request.id], subtype_xmlid='mail.mt_note',
                partner_ids=request.user_id.partner_id.ids)
        (self - of_others)._message_log_batch(
            bodies={request.id: bodies[request.id] for request in self - of_others})

    def _documents_done(self, documents):
        """Go on with requests after a document of theirs was confirmed, posted, paid or cancelled.

        A request that waited for its customer waits no more: he has ordered or paid.

        :param documents: the documents, of one model
        """
        self.filtered(
            lambda request: request.turn == 'customer').state = 'open'
