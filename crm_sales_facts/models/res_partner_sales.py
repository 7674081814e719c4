from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

SHOWN = 15
MONTHS = 12
READERS_OF_ALL = 'crm_roles.group_order_reader,crm_roles.group_sales_manager'
READERS = 'crm_roles.group_order_reader,crm_roles.group_account_representative'


class ResPartner(models.Model):
    """What a customer has bought of late, on one page."""

    _inherit = 'res.partner'

    sales_year = fields.Monetary(
        "Sales of Twelve Months", compute='_compute_sales_year', groups=READERS)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_sales_year(self):
        customers = self.commercial_partner_id
        start = self._sales_months()[0]
        sums = dict(self.env['crm.sales.report']._read_group(
            [('partner_id', 'in', customers.ids), ('date', '>=', start)],
            ['partner_id'], ['amount:sum']))
        for partner in self:
            partner.sales_year = sums.get(partner.commercial_partner_id, 0.0)

    def action_sales_sheet(self):
        """Open what the customer has bought."""
        self.ensure_one()
        action = self.env['ir.actions.client']._for_xml_id('crm_sales_facts.sales_sheet_action')
        return {**action, 'context': {'active_id': self.id, 'active_model': self._name}}

    @api.readonly
    def get_sales_sheet(self, whole_group=False, limit=SHOWN):
        """Return what the page of a customer's sales shows, as far as the user may see it.

        :param bool whole_group: whether the companies of the same group are included
        :param int limit: how many products, and lines of orders, at most
        :return: texts, figures, months, products and what is to be delivered; amounts in the
            currency of the company
        :rtype: dict
        :raise AccessError: if the user may not read the customer or the sales
        """
        self.ensure_one()
        self.check_access('read')
        customer = self.commercial_partner_id
        domain = customer._sales_domain(whole_group)
        margin = customer._sales_margin_visible(whole_group)
        months = customer._sales_by_month(domain, margin)
        return {
            'id': customer.id,
            'name': customer.family_id.display_name if whole_group else customer.display_name,
            'family_id': customer.family_id.id,
            'has_group': customer._has_sales_group(),
            'whole_group': whole_group,
            'own_only': not self.env.user.has_groups(READERS_OF_ALL),
            'currency_id': self.env.company.currency_id.id,
            'margin': margin,
            'months': months,
            'figures': customer._sales_figures(months),
            'products': customer._sales_products(domain, margin, limit),
            'lines': customer._sales_to_deliver(whole_group, limit),
        }

    def _sales_domain(self, whole_group):
        """Return which sales are of the customer, or of his group of companies."""
        if whole_group:
            return Domain('family_id', '=', self.family_id.id)
        return Domain('partner_id', '=', self.id)

    def _has_sales_group(self):
        """Return whether there are other customers in the same group of companies."""
        return bool(self.search_count(
            [('family_id', '=', self.family_id.id), ('is_company', '=', True),
             ('id', '!=', self.id)], limit=1))

    def _sales_margin_visible(self, whole_group):
        scope = self.env.user._margin_scope()
        return scope == 'all' or (
            scope == 'own' and self.user_id == self.env.user and not whole_group)

    @api.model
    def _sales_months(self):
        """Return the first days of the last months, this one included."""
        this = fields.Date.context_today(self).replace(day=1)
        return [this - relativedelta(months=back) for back in reversed(range(MONTHS))]

    def _sales_by_month(self, domain, margin):
        """Return what was sold in each of the last months, and in those of the year before."""
        months = self._sales_months()
        aggregates = ['amount:sum', *(['margin:sum'] if margin else [])]
        sums = {
            month: values for month, *values in self.env['crm.sales.report']._read_group(
                domain & Domain('date', '>=', months[0] - relativedelta(years=1)),
                ['date:month'], aggregates)}

        def amounts(number, shift=0):
            return [(sums.get(month - relativedelta(years=shift)) or [0.0, 0.0])[number] or 0.0
                    for month in months]

        return {
            'labels': [fields.Date.to_string(month) for month in months],
            'amounts': amounts(0),
            'before': amounts(0, 1),
            'margins': amounts(1) if margin else [],
        }

    def _sales_figures(self, months):
        """Return the sums of the last months."""
        amount, before = sum(months['amounts']), sum(months['before'])
        margin = sum(months['margins'])
        return {
            'amount': amount,
            'before': before,
            'growth': 100 * (amount - before) / abs(before) if before else False,
            'margin': margin,
            'margin_percent': 100 * margin / amount if amount else False,
        }

    def _sales_products(self, domain, margin, limit):
        """Return what is bought most, each with how often, at what price and when next."""
        names = ['partner_id', 'product_id', 'date_first', 'date_last', 'day_count', 'rhythm',
                 'date_next', 'quantity', 'price_average', 'price_first', 'price_last', 'amount',
                 *(['margin'] if margin else [])]
        today = fields.Date.context_today(self)
        return [
            {
                **{name: product[name] for name in names[2:]},
                'partner_id': product.partner_id.id,
                'customer': product.partner_id.display_name,
                'product_id': product.product_id.id,
                'name': product.product_id.display_name,
                'unit': product.product_id.uom_id.display_name,
                'overdue': bool(product.date_next and product.date_next < today),
            }
            for product in self.env['crm.sales.product'].search_fetch(
                domain, names, limit=limit)]

    def _sales_to_deliver(self, whole_group, limit):
        """Return what is ordered and not delivered, the oldest first."""
        lines = self.env['sale.order.line']
        path = 'family_id' if whole_group else 'commercial_partner_id'
        customer = self.family_id if whole_group else self
        return [
            {
                'order_id': line.order_id.id,
                'order': line.order_id.name,
                'customer': line.order_partner_id.commercial_partner_id.display_name,
                'name': line.product_id.display_name or line.name,
                'unit': line.product_uom_id.display_name,
                'date_order': line.order_id.date_order,
                'date_promised': line.order_id.commitment_date,
                'ordered': line.product_uom_qty,
                'open': line.product_uom_qty - line.qty_delivered,
            }
            for line in lines.search(
                lines._undelivered_domain() & Domain(f'order_partner_id.{path}', '=', customer.id),
                order='id', limit=limit)]
