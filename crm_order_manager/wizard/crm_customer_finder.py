from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CrmCustomerFinder(models.TransientModel):
    """Find customers by what they bought and what they did not."""

    _name = 'crm.customer.finder'
    _description = "Find Customers"
    _rec_name = 'date_from'

    bought_product_ids = fields.Many2many(
        'product.product', 'crm_customer_finder_bought_product_rel', string="Bought")
    bought_category_ids = fields.Many2many(
        'product.category', 'crm_customer_finder_bought_category_rel', string="Bought Something of")
    missing_product_ids = fields.Many2many(
        'product.product', 'crm_customer_finder_missing_product_rel', string="Did Not Buy")
    missing_category_ids = fields.Many2many(
        'product.category', 'crm_customer_finder_missing_category_rel',
        string="Bought Nothing of")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    country_ids = fields.Many2many('res.country', string="Countries")
    state_ids = fields.Many2many('res.country.state', string="States")
    category_ids = fields.Many2many('res.partner.category', string="Tags")
    only_free = fields.Boolean(
        "Only Who Can Be Taken", default=True,
        help="Nobody looks after them, and nobody gave them up just now.")
    customer_count = fields.Integer("Customers Found", compute='_compute_customer_count')

    @api.depends(
        'bought_product_ids', 'bought_category_ids', 'missing_product_ids', 'missing_category_ids',
        'date_from', 'date_to', 'country_ids', 'state_ids', 'category_ids', 'only_free')
    def _compute_customer_count(self):
        for finder in self:
            finder.customer_count = self.env['res.partner'].search_count(finder._customer_domain())

    @api.constrains('date_from', 'date_to')
    def _check_dates(self):
        for finder in self:
            if finder.date_from and finder.date_to and finder.date_to < finder.date_from:
                raise ValidationError(self.env._(
                    "The period ends before it begins. Correct one of the two days."))

    def action_find(self):
        """Open the list of the customers found, from which they can be taken.

        :raise UserError: when there is none
        """
        self.ensure_one()
        if not self.customer_count:
            raise UserError(self.env._("No customer is like that. Ask for less."))
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.res_partner_action_found')
        action['domain'] = [('customer_finder_id', '=', self.id)]
        return action

    def _customer_domain(self):
        """Return the domain of the customers who are as asked for.

        :rtype: Domain
        """
        self.ensure_one()
        Partner = self.env['res.partner']
        domain = Partner._customer_domain()
        # Each of the two says something only when it is filled.
        bought = self._product_domain(self.bought_product_ids, self.bought_category_ids)
        missing = self._product_domain(self.missing_product_ids, self.missing_category_ids)
        if not bought.is_false():
            domain &= self._buyer_domain(bought)
        if not missing.is_false():
            domain &= ~self._buyer_domain(missing)
        if self.country_ids:
            domain &= Domain('country_id', 'in', self.country_ids.ids)
        if self.state_ids:
            domain &= Domain('state_id', 'in', self.state_ids.ids)
        if self.category_ids:
            domain &= Domain('category_id', 'child_of', self.category_ids.ids)
        if self.only_free:
            domain &= Domain('personal_manager_id', '=', False) & ~Partner._cooling_domain()
        return domain

    @api.model
    def _product_domain(self, products, categories):
        """Return the domain of the order lines with one of the products or of the categories.

        :rtype: Domain
        """
        domain = Domain.FALSE
        if products:
            domain |= Domain('product_id', 'in', products._origin.ids)
        if categories:
            domain |= Domain('product_id.categ_id', 'child_of', categories._origin.ids)
        return domain

    def _buyer_domain(self, line_domain):
        """Return the domain of the customers with a confirmed order with such lines in the period.

        :rtype: Domain
        """
        line_domain &= Domain('state', '=', 'sale') & Domain(
            'company_id', 'in', self.env.companies.ids)
        if self.date_from:
            line_domain &= Domain('order_id.date_order', '>=', self.date_from)
        if self.date_to:
            line_domain &= Domain(
                'order_id.date_order', '<', fields.Date.add(self.date_to, days=1))
        # sudo: sale.order.line - who looks for customers learns who bought, not at what price
        lines = self.env['sale.order.line'].sudo()._search(line_domain)
        # sudo: res.partner - archived contacts of the customers bought for them, too
        contacts = self.env['res.partner'].sudo().with_context(active_test=False)._search(
            Domain('id', 'in', lines.subselect('order_partner_id')))
        return Domain('id', 'in', contacts.subselect('commercial_partner_id'))
