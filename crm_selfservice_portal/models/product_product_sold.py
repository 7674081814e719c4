from odoo import api, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    """A product that was bought once can be bought again as long as it is sold."""

    _inherit = 'product.product'

    @api.model
    def _sold_again_domain(self, company):
        """Return the products that a company sells to who bought them before.

        :param company: who sells, a `res.company`
        :rtype: Domain
        """
        # sudo: res.company - which product stands for discounts
        discount_sudo = company.sudo().sale_discount_product_id
        return (
            Domain('active', '=', True) & Domain('sale_ok', '=', True)
            & Domain('type', '!=', 'combo') & Domain('id', '!=', discount_sudo.id)
            & Domain('company_id', 'in', [False, company.id]))
