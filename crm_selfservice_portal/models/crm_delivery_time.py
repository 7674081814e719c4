from odoo import api, fields, models
from odoo.tools import SQL

from ..forecast import HISTORIES, SHARES, Usual

# What was delivered longer ago tells little about today.
DAYS = 365


class CrmDeliveryTime(models.Model):
    """How long deliveries have taken from the order on: of a category, to a customer, or all."""

    _name = 'crm.delivery.time'
    _description = "Usual Delivery Time"
    _order = 'company_id, categ_id, partner_id'
    _rec_name = 'categ_id'

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade')
    categ_id = fields.Many2one(
        'product.category', "Product Category", readonly=True, ondelete='cascade',
        help="Empty: of all categories.")
    partner_id = fields.Many2one(
        'res.partner', "Customer", readonly=True, ondelete='cascade',
        help="Empty: to all customers.")
    days_low = fields.Float(
        "Fast (Days)", readonly=True, digits=(16, 1), aggregator='avg',
        help="One delivery of ten was faster.")
    days_median = fields.Float(
        "Usual (Days)", readonly=True, digits=(16, 1), aggregator='avg',
        help="Half of the deliveries were faster.")
    days_high = fields.Float(
        "Slow (Days)", readonly=True, digits=(16, 1), aggregator='avg',
        help="One delivery of ten took longer.")
    case_count = fields.Integer(
        "Orders", readonly=True, help="From so many orders of the last year it was learnt.")

    _group_uniq = models.UniqueIndex(
        '(company_id, COALESCE(categ_id, 0), COALESCE(partner_id, 0))',
        "Of each category and customer the delivery time is known once.")

    @api.model
    def _cron_learn(self):
        """Learn from the deliveries of the last year how long they take; scheduled.

        All is replaced at once: who reads meanwhile finds what was known before.
        """
        self.env['sale.order.line'].flush_model()
        self.env['sale.order'].flush_model()
        self.env.execute_query(SQL("DELETE FROM crm_delivery_time RETURNING id"))
        self.env.execute_query(SQL(
            """
            INSERT INTO crm_delivery_time (
                company_id, categ_id, partner_id, days_low, days_median, days_high, case_count,
                create_uid, create_date, write_uid, write_date)
            SELECT company_id, categ_id, partner_id,
                   quantiles[1], quantiles[2], quantiles[3], cases,
                   %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
            FROM (%(times)s) AS learnt
            RETURNING id
            """, user=self.env.uid, times=self._times_sql()))
        self.invalidate_model()

    @api.model
    def _times_sql(self):
        """Return the query of what can be learnt: of each order and category the last delivery."""
        return SQL(
            """
            SELECT company_id, categ_id, partner_id, count(DISTINCT order_id) AS cases,
                   percentile_cont(%(shares)s::float[]) WITHIN GROUP (ORDER BY days) AS quantiles
            FROM (
                SELECT line.order_id, line.company_id, template.categ_id,
                       sale.commercial_partner_id AS partner_id,
                       extract(epoch FROM max(line.date_delivered) - sale.date_order) / 86400
                           AS days
                FROM sale_order_line line
                JOIN sale_order sale ON sale.id = line.order_id
                JOIN product_product product ON product.id = line.product_id
                JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE line.date_delivered >= %(since)s AND line.state = 'sale'
                  AND line.date_delivered >= sale.date_order AND template.type = 'consu'
                GROUP BY line.order_id, line.company_id, template.categ_id, sale.id
            ) history
            GROUP BY GROUPING SETS (
                (company_id), (company_id, categ_id), (company_id, partner_id),
                (company_id, categ_id, partner_id))
            HAVING count(DISTINCT order_id) >= %(histories)s
               AND (GROUPING(categ_id) = 1 OR categ_id IS NOT NULL)
               AND (GROUPING(partner_id) = 1 OR partner_id IS NOT NULL)
            """,
            shares=list(SHARES), histories=HISTORIES,
            since=fields.Datetime.subtract(fields.Datetime.now(), days=DAYS))

    @api.model
    def _usual(self, lines):
        """Return how long the deliveries of lines usually take.

        What is known of the category to the customer comes first, then of the category, of the
        customer, and of the company.

        :param lines: `sale.order.line`
        :return: by the line, those of which nothing is known left out
        :rtype: dict[sale.order.line, Usual]
        """
        orders = lines.order_id
        # sudo: crm.delivery.time - what is usual may be told to everybody who reads the order
        known = {
            (time.company_id, time.categ_id, time.partner_id): Usual(
                time.days_low, time.days_median, time.days_high, time.case_count)
            for time in self.sudo().search([
                ('company_id', 'in', orders.company_id.ids),
                ('categ_id', 'in', [False, *lines.product_id.categ_id.ids]),
                ('partner_id', 'in', [False, *orders.commercial_partner_id.ids])])}
        return {line: found for line in lines if (found := self._usual_of(line, known))}

    @api.model
    def _usual_of(self, line, known):
        company, categ = line.order_id.company_id, line.product_id.categ_id
        partner = line.order_id.commercial_partner_id
        return next((
            known[company, *key] for key in (
                (categ, partner), (categ, partner.browse()), (categ.browse(), partner),
                (categ.browse(), partner.browse())) if (company, *key) in known), None)
