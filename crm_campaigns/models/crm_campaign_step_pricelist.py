from odoo import api, fields, models
from odoo.fields import Domain

REPORT = 'product.report_pricelist'


class CrmCampaignStep(models.Model):
    """A price list goes to the members: Odoo's own report, with the prices of each of them."""

    _inherit = 'crm.campaign.step'

    channel = fields.Selection(
        selection_add=[('pricelist', "Price List")], ondelete={'pricelist': 'cascade'})
    pricelist_id = fields.Many2one(
        'product.pricelist', "Prices of", index='btree_not_null', ondelete='restrict',
        help="Empty: each customer gets his own prices.")
    category_ids = fields.Many2many(
        'product.category', string="Product Categories",
        help="What is sold of them stands in the price list.")

    @api.depends('product_ids', 'category_ids', 'pricelist_id')
    def _compute_problem(self):
        super()._compute_problem()

    def _problem(self):
        if self.channel == 'pricelist' and not self._listed_products(limit=1):
            return self.env._("Its price list is empty: choose products or categories to sell.")
        if self.channel == 'pricelist' and not (self.pricelist_id or self._has_own_pricelists()):
            return self.env._("Customers have no prices of their own here: choose whose prices.")
        return super()._problem()

    def _has_own_pricelists(self):
        return self.env['res.groups']._is_feature_enabled('product.group_product_pricelist')

    def _listed_products(self, limit=None):
        """Return the products of which the price list tells the price.

        :param int limit: so many at most
        :rtype: product.product
        """
        domain = Domain('id', 'in', self.product_ids.ids)
        if self.category_ids:
            domain |= Domain('categ_id', 'child_of', self.category_ids.ids)
        # sudo: product.product - what is sold is no secret of those who plan campaigns
        return self.env['product.product'].sudo().search(
            domain & Domain('sale_ok', '=', True), limit=limit)

    def _message_attachments(self, touches):
        if self.channel != 'pricelist':
            return super()._message_attachments(touches)
        company = self._work_company()
        return {
            self._pricelist_file(pricelist, lang): found
            for (pricelist, lang), found in touches.with_company(company).grouped(
                lambda touch: (
                    self.pricelist_id or touch.partner_id.property_product_pricelist,
                    touch.partner_id.lang or self.env.lang)).items()}

    def _pricelist_file(self, pricelist, lang):
        """Return the price list as a file; printed once for all who get the same.

        :param product.pricelist pricelist: whose prices
        :param str lang: the code of the language
        :rtype: ir.attachment
        """
        key = f'{REPORT} {pricelist.id} {lang}'
        values = {'res_model': self._name, 'res_id': self.id, 'description': key}
        files = self.env['ir.attachment']
        found = files.search([(name, '=', value) for name, value in values.items()], limit=1)
        return found or files.create({
            **values, 'name': f"{pricelist.name or self.name}.pdf", 'mimetype': 'application/pdf',
            'raw': self._print_pricelist(pricelist, lang)})

    def _print_pricelist(self, pricelist, lang):
        report = self.env['ir.actions.report'].with_context(lang=lang).with_company(
            self._work_company())
        content, _kind = report._render_qweb_pdf(REPORT, data={
            'pricelist_id': pricelist.id, 'active_model': 'product.product',
            'active_ids': self._listed_products().ids, 'display_pricelist_title': True})
        return content
