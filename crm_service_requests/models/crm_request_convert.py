from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command
from odoo.tools import is_html_empty

from .crm_request import PENDING_STATES
from .crm_request_type import CONVERSIONS

ORDERS = ('quotation', 'order')
MOVE_TYPES = {'invoice': 'out_invoice', 'credit_note': 'out_refund'}
FAILED = 'crm_service_requests.mail_activity_type_conversion'


class CrmRequest(models.Model):
    """A request becomes the document that answers it: once, after a look at what it will be."""

    _inherit = 'crm.request'

    date_converted = fields.Datetime("Converted on", readonly=True, copy=False)
    conversion_error = fields.Char(
        "Why Not Converted", readonly=True, copy=False,
        help="Why the document that should have been made at once could not be made.")
    conversion_target = fields.Selection(CONVERSIONS, "Becomes", compute='_compute_conversion')
    may_convert = fields.Boolean(compute='_compute_conversion')

    @api.depends('type_id', 'origin_ref', 'state', 'partner_id', 'sale_order_ids', 'invoice_ids')
    @api.depends_context('uid')
    def _compute_conversion(self):
        for request in self:
            request.conversion_target = request._conversion_target()
        converted = self._converted()
        for request in self:
            request.may_convert = bool(
                request.id and request._is_convertible() and request not in converted
                and request._may_make(request.conversion_target))

    # What it becomes: for other concepts to extend

    def _conversion_target(self):
        """Return what the request becomes, a key of ``CONVERSIONS``.

        :rtype: str
        """
        self.ensure_one()
        return self.type_id.convert_to or 'none'

    def _convert_lines(self):
        """Return the lines that are proposed for the document.

        What a line does not say, Odoo computes: from the product and the customer's pricelist,
        or from the line of the bill that is credited.

        :return: values of ``crm.request.convert.line``: ``product_id`` or ``move_line_id`` (the
            line of a posted bill, for credit notes), and whatever is known of ``name``,
            ``quantity``, ``price_unit``, ``discount`` and ``tax_ids``
        :rtype: list[dict]
        """
        self.ensure_one()
        if self._conversion_target() == 'credit_note':
            return [
                {'move_line_id': line.id, 'quantity': line.quantity}
                for line in self._disputed_bills().invoice_line_ids
                if line.display_type == 'product']
        product = self.type_id.product_id
        return [{'product_id': product.id, 'quantity': self._quantity_of(product)}] * bool(product)

    def _disputed_bills(self):
        """Return the posted bills that the request is about.

        :rtype: account.move
        """
        self.ensure_one()
        origin = self.origin_ref
        if not origin or origin._name not in ('account.move', 'sale.order'):
            return self.env['account.move']
        # sudo: account.move - which bills it is about; what they say is read by who may
        origin_sudo = origin.sudo()
        bills_sudo = origin_sudo if origin._name == 'account.move' else origin_sudo.invoice_ids
        return bills_sudo.filtered(
            lambda bill: bill.move_type == 'out_invoice' and bill.state == 'posted'
        ).sudo(self.env.su)

    def _check_convertible(self):
        """Refuse a request of which no document can be made.

        :raise UserError: if it names no customer, is closed or merged, or becomes nothing
        """
        self.ensure_one()
        if self.merged_into_id:
            raise UserError(self.env._(
                "%(request)s was merged. Convert %(other)s instead.",
                request=self.display_name, other=self.merged_into_id.display_name))
        if self.state not in [*PENDING_STATES, 'solved']:
            raise UserError(self.env._(
                "%(request)s is closed. Reopen it before you convert it.",
                request=self.display_name))
        if self._conversion_target() == 'none':
            raise UserError(self.env._(
                "%(request)s: requests of the type \"%(type)s\" become no document. Choose "
                "another type.", request=self.display_name, type=self.type_id.name))
        if not self.partner_id:
            raise UserError(self.env._(
                "%(request)s names no customer. Choose one before you convert it.",
                request=self.display_name))

    def _is_convertible(self):
        try:
            self._check_convertible()
        except UserError:
            return False
        return True

    def _quantity_of(self, product):
        """Return how much is proposed of a product: the time spent, if it is sold by time.

        :param product: a `product.product`
        :rtype: float
        """
        hour = self.env.ref('uom.product_uom_hour')
        if self.duration and hour._has_common_reference(product.uom_id):
            return hour._compute_quantity(self.duration, product.uom_id)
        return 1.0

    # Who may

    def _may_make(self, target):
        """Return whether the user may make a document of the request.

        :param str target: what it would become
        :rtype: bool
        """
        self.ensure_one()
        if not self.has_access('write'):
            return False
        if target in ORDERS:
            return self._may_make_order()
        if target == 'credit_note':
            return self.env['account.move.reversal'].has_access('create')
        return self.env['account.move'].has_access('create')

    def _may_make_order(self):
        orders = self.env['sale.order']
        if self.env.su or not orders.has_access('create'):
            return self.env.su
        # sudo: sale.order - never saved: only to ask the rules whether it would be the user's
        order_sudo = orders.sudo().new({
            'partner_id': self.partner_id.id, 'company_id': self.company_id.id})
        return bool(order_sudo.filtered_domain(
            self.env['ir.rule']._compute_domain('sale.order', 'create')))

    def _refusal(self, target):
        """Return who may make the document, in words."""
        people = {
            'invoice': self.env._("Ask accounting."),
            'credit_note': self.env._("Ask a service supervisor or accounting."),
        }.get(target) or self.env._(
            "Ask a service supervisor or the salesperson of the customer.")
        return self.env._(
            "%(request)s: you may not make a document of this kind for this customer. %(people)s",
            request=self.display_name, people=people)

    def _check_may_make(self, target):
        if not self._may_make(target):
            raise AccessError(self._refusal(target))

    # Conversion by hand

    def action_convert(self):
        """Show what the request would become; if it became something before, show that.

        :return: the action that opens the preview or the document
        :rtype: dict
        :raise AccessError: if the user may not make such a document
        :raise UserError: if none can be made of the request
        """
        self.ensure_one()
        documents = self._converted_documents()
        if documents:
            return self._action_open(documents)
        self._check_convertible()
        self._check_may_make(self._conversion_target())
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Preview of the Document"),
            'res_model': 'crm.request.convert',
            'res_id': self._propose_conversion().id,
            'views': [[False, 'form']],
            'target': 'new',
        }

    def _propose_conversion(self, lines=None):
        lines = self._convert_lines() if lines is None else lines
        return self.env['crm.request.convert'].create({
            'request_id': self.id,
            'target': self._conversion_target(),
            'line_ids': [Command.create(values) for values in lines],
        })

    def _converted_documents(self, target=None):
        """Return the living documents of the kind that the request becomes.

        :param str target: another kind
        :return: orders or bills, none when the request becomes nothing
        :rtype: sale.order | account.move
        """
        self.ensure_one()
        return self._documents_of(target or self._conversion_target())

    def _converted(self):
        """Return the requests of which there is a living document of the kind they become."""
        return self.browse().union(*(
            # sudo: sale.order, account.move - only of which requests they are
            requests._documents_of(target).sudo().crm_request_id.sudo(self.env.su)
            for target, requests in self.grouped('conversion_target').items()))

    def _documents_of(self, target):
        model, domain = 'sale.order', []
        if target in MOVE_TYPES:
            model, domain = 'account.move', [('move_type', '=', MOVE_TYPES[target])]
        elif target not in ORDERS:
            return self.env[model]
        # sudo: sale.order, account.move - that there is one counts, not who may see it
        documents_sudo = self.env[model].sudo().search(
            [('crm_request_id', 'in', self.ids), ('state', '!=', 'cancel'), *domain], order='id')
        return documents_sudo.sudo(self.env.su)

    def _lock_for_conversion(self):
        """Keep everybody else from converting the request until this is done.

        :raise LockError: if somebody converts it at this moment
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(self.env._(
                "%(request)s is being worked on by somebody else at this moment. Look at its "
                "documents, and try again if there is none.",
                request=self.display_name)) from error

    def _action_open(self, documents):
        """Return the action that opens documents of a request."""
        action = {
            'type': 'ir.actions.act_window',
            'name': self.env._("Documents of %(request)s", request=self.number),
            'res_model': documents._name,
        }
        if len(documents) == 1:
            return {**action, 'res_id': documents.id, 'views': [[False, 'form']]}
        return {
            **action, 'domain': [('id', 'in', documents.ids)],
            'views': [[False, 'list'], [False, 'form']]}

    def _link_documents(self, documents):
        """Remember the documents that were made of the request, and say so on both sides."""
        self.write({'date_converted': fields.Datetime.now(), 'conversion_error': False})
        self.activity_unlink([FAILED])
        if self.state == 'new' and not self.env.su:
            self.action_open()
        self._message_log(body=Markup('<br/>').join(
            self.env._("%(document)s was made of this request.", document=link)
            for link in documents.mapped(lambda document: document._get_html_link())))
        for document in documents:
            self._hand_over_text(document)

    def _hand_over_text(self, document):
        """Note on a document what was asked, and put the attachments of the request to it."""
        text = Markup('<p>%s</p>') % self.env._(
            "Made of the request %(request)s.", request=self._get_html_link())
        if not is_html_empty(self.description):
            text += Markup('<blockquote>%s</blockquote>') % self.description
        attachments = self.env['ir.attachment'].search(
            [('res_model', '=', self._name), ('res_id', '=', self.id), ('res_field', '=', False)])
        copies = attachments.copy({'res_model': document._name, 'res_id': document.id})
        document._message_log(body=text, attachment_ids=[Command.set(copies.ids)])
