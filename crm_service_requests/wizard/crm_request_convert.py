from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..models.crm_request_convert import ORDERS
from ..models.crm_request_type import CONVERSIONS


class CrmRequestConvert(models.TransientModel):
    """The preview of the document that a request becomes, and its making."""

    _name = 'crm.request.convert'
    _description = "Preview of a Document"
    _check_company_auto = True

    request_id = fields.Many2one('crm.request', required=True, ondelete='cascade', readonly=True)
    target = fields.Selection(CONVERSIONS, "Becomes", required=True, readonly=True)
    partner_id = fields.Many2one(related='request_id.partner_id')
    company_id = fields.Many2one(related='request_id.company_id')
    pricelist_id = fields.Many2one(
        'product.pricelist', compute='_compute_terms', store=True, readonly=False,
        check_company=True)
    payment_term_id = fields.Many2one(
        'account.payment.term', "Payment Terms", compute='_compute_terms', store=True,
        readonly=False, check_company=True)
    fiscal_position_id = fields.Many2one(
        'account.fiscal.position', compute='_compute_terms', store=True, readonly=False,
        check_company=True)
    reason = fields.Char(
        compute='_compute_reason', store=True, readonly=False,
        help="Printed on the credit note.")
    bill_ids = fields.Many2many(
        'account.move', string="Credited Bills", compute='_compute_bill_ids')
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    line_ids = fields.One2many('crm.request.convert.line', 'conversion_id', "Lines")
    tax_totals = fields.Binary(compute='_compute_tax_totals', exportable=False)
    warning = fields.Char(compute='_compute_warning')

    @api.depends('request_id')
    def _compute_terms(self):
        for conversion in self:
            order_sudo = conversion._sample_order_sudo()
            conversion.pricelist_id = order_sudo.pricelist_id
            conversion.payment_term_id = order_sudo.payment_term_id
            conversion.fiscal_position_id = order_sudo.fiscal_position_id

    @api.depends('request_id', 'target')
    def _compute_reason(self):
        for conversion in self:
            conversion.reason = conversion.target == 'credit_note' and (
                conversion.request_id.display_name)

    @api.depends('line_ids.bill_id')
    def _compute_bill_ids(self):
        for conversion in self:
            conversion.bill_ids = conversion.line_ids.bill_id

    @api.depends('pricelist_id', 'bill_ids', 'company_id')
    def _compute_currency_id(self):
        for conversion in self:
            conversion.currency_id = (
                conversion.bill_ids[:1].currency_id or conversion.pricelist_id.currency_id
                or conversion.company_id.currency_id)

    @api.depends('line_ids.price_subtotal', 'line_ids.tax_ids', 'currency_id', 'company_id')
    def _compute_tax_totals(self):
        taxes = self.env['account.tax']
        for conversion in self:
            base_lines = conversion.line_ids._base_lines()
            taxes._add_tax_details_in_base_lines(base_lines, conversion.company_id)
            taxes._round_base_lines_tax_details(base_lines, conversion.company_id)
            conversion.tax_totals = taxes._get_tax_totals_summary(
                base_lines, conversion.currency_id, conversion.company_id)

    @api.depends('line_ids.bill_id', 'tax_totals')
    def _compute_warning(self):
        for conversion in self:
            conversion.warning = conversion._over_credited() or (
                not conversion.line_ids and conversion.target == 'quotation'
                and self.env._("The quotation will have no lines yet."))

    def action_convert(self):
        """Make the document as it is shown; if it was made meanwhile, open that one.

        :return: the action that opens it
        :rtype: dict
        :raise AccessError: if the user may not make such a document
        :raise LockError: if somebody else converts the request at this moment
        :raise UserError: if the document would have no lines, or credit more than was billed
        """
        self.ensure_one()
        request = self.request_id
        request._check_convertible()
        request._check_may_make(self.target)
        request._lock_for_conversion()
        documents = request._converted_documents(self.target)
        if not documents:
            try:
                documents = self._make()
            except AccessError as error:
                raise AccessError(request._refusal(self.target)) from error
        return request._action_open(documents)

    def _make(self):
        """Make the document, whoever may, and link it to the request.

        :rtype: sale.order | account.move
        """
        self.ensure_one()
        if not self.line_ids and self.target != 'quotation':
            raise UserError(self.env._(
                "%(request)s: there is nothing to put on the document. Add a line, or set the "
                "product of the type \"%(type)s\".", request=self.request_id.display_name,
                type=self.request_id.type_id.name))
        if self.target in ORDERS:
            documents = self._make_order()
        elif self.target == 'invoice':
            documents = self._make_bill()
        else:
            documents = self._make_credit_notes()
        self.request_id._link_documents(documents)
        if self.target == 'order':
            documents.action_confirm()
        return documents

    def _make_order(self):
        return self.env['sale.order'].with_company(self.company_id).create({
            **self._order_values(),
            'origin': self.request_id.number,
            'crm_request_id': self.request_id.id,
            'order_line': [Command.create(line._order_values()) for line in self.line_ids],
        })

    def _make_bill(self):
        order_sudo = self._sample_order_sudo()
        return self.env['account.move'].with_company(self.company_id).create({
            'move_type': 'out_invoice',
            'partner_id': order_sudo.partner_invoice_id.id,
            'invoice_user_id': order_sudo.user_id.id,
            'currency_id': self.currency_id.id,
            'invoice_payment_term_id': self.payment_term_id.id,
            'fiscal_position_id': self.fiscal_position_id.id,
            'invoice_origin': self.request_id.number,
            'crm_request_id': self.request_id.id,
            'invoice_line_ids': [Command.create(line._bill_values()) for line in self.line_ids],
        })

    def _make_credit_notes(self):
        """Let Odoo reverse the bills, and leave on the drafts what is credited."""
        excess = self._over_credited()
        if excess:
            raise UserError(excess)
        if not all(line.bill_id for line in self.line_ids):
            raise UserError(self.env._(
                "%(request)s: every line of a credit note credits a line of a posted bill. Name "
                "the bill or the order that the request is about.",
                request=self.request_id.display_name))
        reversals = self.env['account.move.reversal'].with_company(self.company_id).create([{
            'move_ids': [Command.set(bills.ids)],
            'journal_id': journal.id,
            'company_id': self.company_id.id,
            'reason': self.reason,
        } for journal, bills in self.bill_ids.grouped('journal_id').items()])
        for reversal in reversals:
            reversal.reverse_moves()
        credit_notes = reversals.new_move_ids
        for credit_note in credit_notes:
            self._keep_credited(credit_note)
        return credit_notes

    def _keep_credited(self, credit_note):
        """Put the credited lines on a draft that Odoo made of the whole bill."""
        bill = credit_note.reversed_entry_id
        lines = self.line_ids.filtered(lambda line: line.bill_id == bill)
        credited = {line.move_line_id: line for line in lines if line.move_line_id}
        commands = [
            Command.update(copy.id, credited[original]._credit_values())
            if original in credited else Command.delete(copy.id)
            for original, copy in zip(
                bill.invoice_line_ids.sorted('id'), credit_note.invoice_line_ids.sorted('id'),
                strict=True)]
        commands += [
            Command.create(line._bill_values()) for line in lines if not line.move_line_id]
        credit_note.write({
            'crm_request_id': self.request_id.id,
            'invoice_line_ids': commands,
        })

    def _order_values(self):
        """Return what an order is made of, but its lines; what is empty, Odoo fills."""
        values = {
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'pricelist_id': self.pricelist_id.id,
            'payment_term_id': self.payment_term_id.id,
            'fiscal_position_id': self.fiscal_position_id.id,
        }
        return {name: value for name, value in values.items() if value}

    def _sample_order_sudo(self, lines=()):
        """Return an order that is never saved, to have Odoo compute prices and terms.

        :param lines: values of its lines
        :type lines: Iterable[dict]
        :rtype: sale.order
        """
        # sudo: sale.order - who may make the document may know what it would cost
        return self.env['sale.order'].sudo().with_company(self.company_id).new({
            **self._order_values(), 'order_line': [Command.create(line) for line in lines]})

    def _over_credited(self):
        """Return why the credit note is refused: more would be credited than was billed."""
        self.ensure_one()
        if self.target != 'credit_note' or not self.tax_totals:
            return False
        bills = self.bill_ids
        credited = sum(
            bills.reversal_move_ids.filtered(lambda move: move.state != 'cancel')
            .mapped('amount_total'))
        left = sum(bills.mapped('amount_total')) - credited
        total = self.tax_totals['total_amount_currency']
        if not bills or self.currency_id.compare_amounts(total, left) <= 0:
            return False
        return self.env._(
            "%(bills)s: %(left)s of it is left to credit, not %(total)s. Take fewer lines or a "
            "smaller quantity or price.", bills=", ".join(bills.mapped('name')),
            left=self.currency_id.format(left), total=self.currency_id.format(total))
