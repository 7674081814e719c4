from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .warranty_cover import cover_until, state_of

WARRANTY_STATES = [
    ('covered', "Under Warranty"),
    ('expired', "Warranty Over"),
    ('unknown', "No Warranty Known"),
    ('no_purchase', "No Purchase Found"),
]
GUARDED = {'warranty_decision', 'warranty_overridden'}


class CrmRequest(models.Model):
    """A warranty request: which purchase it is about, and whether it is under warranty.

    What was found is kept as it was when the product, the serial number or the customer was
    entered: months that are changed on a product later change nothing here.
    """

    _inherit = 'crm.request'

    warranty_product_id = fields.Many2one(
        'product.product', "Product", index='btree_not_null', ondelete='restrict',
        check_company=True)
    warranty_serial = fields.Char("Serial Number", index='btree_not_null')
    warranty_sale_line_id = fields.Many2one(
        'sale.order.line', "Bought by Order", compute='_compute_warranty_purchase', store=True,
        readonly=False, check_company=True, index='btree_not_null', ondelete='restrict',
        help="The newest purchase of the product by the customer. Choose another one if the "
             "customer means that.")
    warranty_move_line_id = fields.Many2one(
        'account.move.line', "Bought by Bill", compute='_compute_warranty_purchase', store=True,
        index='btree_not_null', ondelete='restrict')
    warranty_date_order = fields.Date("Bought on", compute='_compute_warranty_dates', store=True)
    warranty_date_delivery = fields.Date(
        "Delivered on", compute='_compute_warranty_dates', store=True)
    warranty_months = fields.Integer(
        "Months of Warranty", compute='_compute_warranty_months', store=True)
    warranty_until = fields.Date(
        "Under Warranty until", compute='_compute_warranty_until', store=True)
    warranty_state = fields.Selection(
        WARRANTY_STATES, "Coverage", compute='_compute_warranty_until', store=True, index=True)
    warranty_reason = fields.Char("Reason", compute='_compute_warranty_reason')
    warranty_remedy = fields.Selection(
        [('replacement', "Replacement"), ('repair', "Repair")], "Remedy", default='replacement',
        help="What is proposed when the request is converted: a replacement or a repair, both "
             "free of charge.")
    warranty_decision = fields.Selection(
        [('accepted', "Accepted"), ('rejected', "Refused")], readonly=True, copy=False,
        tracking=True)
    warranty_overridden = fields.Boolean(
        "Decided otherwise", readonly=True, copy=False,
        help="A supervisor decided otherwise than the warranty says.")

    @api.depends('warranty_product_id', 'warranty_serial', 'commercial_partner_id')
    def _compute_warranty_purchase(self):
        found = self._find_warranty_purchases()
        for request in self:
            purchase = found.get(request, self.env['crm.return.purchase'])
            request.warranty_sale_line_id = purchase.sale_line_id
            request.warranty_move_line_id = purchase.move_line_id

    @api.depends('warranty_sale_line_id', 'warranty_move_line_id')
    def _compute_warranty_dates(self):
        purchases = self._warranty_purchases()
        for request in self:
            purchase = purchases.get(request, self.env['crm.return.purchase'])
            request.warranty_date_order = purchase.date_order
            request.warranty_date_delivery = purchase.date_delivery

    @api.depends('warranty_product_id')
    def _compute_warranty_months(self):
        for request in self:
            request.warranty_months = request.warranty_product_id.warranty_months

    @api.depends(
        'warranty_product_id', 'warranty_months', 'warranty_date_order',
        'warranty_date_delivery', 'date_received')
    def _compute_warranty_until(self):
        for request in self:
            start = request.warranty_date_delivery or request.warranty_date_order
            until = cover_until(start, request.warranty_months)
            request.warranty_until = until
            request.warranty_state = request.warranty_product_id and state_of(
                bool(start), until, fields.Date.to_date(request.date_received))

    @api.depends('warranty_state', 'warranty_until', 'warranty_date_delivery')
    @api.depends_context('lang')
    def _compute_warranty_reason(self):
        for request in self:
            request.warranty_reason = request.warranty_state and request._warranty_text()

    @api.model
    def _field_writers(self, name):
        return 'base.group_system' if name in GUARDED else super()._field_writers(name)

    # The purchase

    def _find_warranty_purchases(self):
        """Return what the customers bought of the products they claim for, the newest of each.

        :return: the `crm.return.purchase` by request
        :rtype: dict
        """
        asked = self.filtered(
            lambda request: request.warranty_product_id and request.commercial_partner_id)
        if not asked:
            return {}
        newest = {}
        for purchase in self.env['crm.return.purchase'].search([
                ('product_id', 'in', asked.warranty_product_id.ids),
                ('partner_id', 'in', asked.commercial_partner_id.ids),
                ('company_id', 'in', asked.company_id.ids)]):
            key = (purchase.product_id.id, purchase.partner_id.id, purchase.company_id.id)
            newest.setdefault(key, purchase)
        return {
            request: newest[key] for request in asked
            if (key := (
                request.warranty_product_id.id, request.commercial_partner_id.id,
                request.company_id.id)) in newest}

    def _warranty_purchases(self):
        """Return what is known of the purchases that the requests are about.

        :return: the `crm.return.purchase` by request
        :rtype: dict
        """
        purchases = self.env['crm.return.purchase'].search(
            Domain('sale_line_id', 'in', self.warranty_sale_line_id.ids)
            | Domain('move_line_id', 'in', self.warranty_move_line_id.ids))
        purchases.invalidate_recordset()
        by_line = {purchase.sale_line_id or purchase.move_line_id: purchase
                   for purchase in purchases}
        return {
            request: by_line[line] for request in self
            if (line := request.warranty_sale_line_id or request.warranty_move_line_id)
            and line in by_line}

    # What is told

    def _warranty_text(self):
        """Say whether it is under warranty, and why.

        :rtype: str
        """
        self.ensure_one()
        _ = self.env._
        if self.warranty_state == 'no_purchase':
            return _(
                "No purchase of %(product)s by %(customer)s was found.",
                product=self.warranty_product_id.display_name,
                customer=self.commercial_partner_id.name or _("the customer"))
        bought = self._warranty_purchase_text()
        if self.warranty_state == 'unknown':
            return _("%(bought)s No warranty is known of this product.", bought=bought)
        values = {
            'bought': bought, 'months': self.warranty_months,
            'day': format_date(self.env, self.warranty_until)}
        if self.warranty_state == 'covered':
            return _("%(bought)s %(months)s months: under warranty until %(day)s.", **values)
        return _("%(bought)s %(months)s months: the warranty ended on %(day)s.", **values)

    def _warranty_purchase_text(self):
        _ = self.env._
        # sudo: sale.order.line, account.move.line - only the number of the customer's own purchase
        request_sudo = self.sudo()
        values = {
            'day': format_date(self.env, self.warranty_date_order),
            'document': request_sudo.warranty_sale_line_id.order_id.name
            or request_sudo.warranty_move_line_id.move_id.name,
            'delivery': format_date(self.env, self.warranty_date_delivery)}
        if self.warranty_date_delivery:
            return _("Bought on %(day)s (%(document)s), delivered on %(delivery)s.", **values)
        return _("Bought on %(day)s (%(document)s).", **values)
