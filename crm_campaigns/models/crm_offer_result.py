from odoo import api, fields, models
from odoo.tools import SQL

# What is usual is what was bought in so many days before the offer.
USUAL_DAYS = 365


class CrmOffer(models.Model):
    """What came of an offer: what the company sold more, and what is left of it."""

    _inherit = 'crm.offer'

    amount_usual = fields.Monetary(
        "Bought Anyway", readonly=True, copy=False,
        help="What the customer bought of the offered products in the year before, for as many "
             "days as the offer was valid. Without taxes.")
    amount_more = fields.Monetary(
        "Sold More", compute='_compute_amount_more', store=True,
        help="What was ordered of the offered products with the offer, less what he would have "
             "bought anyway. Without taxes.")
    amount_margin = fields.Monetary(
        "Margin", compute='_compute_amount_margin', store=True,
        groups='crm_sales_facts.group_margin_all', help="Margin of the orders with the offer.")

    @api.depends(
        'order_ids.state', 'order_ids.currency_rate', 'order_ids.order_line.price_subtotal',
        'order_ids.order_line.product_id', 'amount_usual')
    def _compute_amount_more(self):
        for offer in self:
            # sudo: crm.offer.rule - which products it offers
            offered = offer.sudo().rule_id.offered_product_ids
            lines = offer._sold_orders().order_line.filtered(
                lambda line, offered=offered: line.product_id in offered)
            sold = sum(
                line.price_subtotal / (line.order_id.currency_rate or 1.0) for line in lines)
            offer.amount_more = sold - offer.amount_usual if lines else 0.0

    @api.depends('order_ids.state', 'order_ids.currency_rate', 'order_ids.margin')
    def _compute_amount_margin(self):
        for offer in self:
            offer.amount_margin = offer.currency_id.round(sum(
                order.margin / (order.currency_rate or 1.0) for order in offer._sold_orders()))

    def _sold_orders(self):
        return self.order_ids.filtered(lambda order: order.state == 'sale')

    def _take_won(self):
        result = super()._take_won()
        usual = self._usual_amounts()
        for offer in self:
            offer.amount_usual = usual.get(offer.id, 0.0)
        return result

    def _usual_amounts(self):
        """Return what each customer would have bought of the offered products anyway, by offer.

        :return: amounts in the currency of the company, without taxes
        :rtype: dict[int, float]
        """
        self.env.flush_all()
        return dict(self.env.execute_query(SQL(
            """
            SELECT offer.id, sum(sold.amount) / %(days)s
                   * (COALESCE(offer.date_end, offer.date + rule.valid_days) - offer.date)
            FROM crm_offer offer
            JOIN crm_offer_rule rule ON rule.id = offer.rule_id
            JOIN crm_offer_rule_offered_rel offered ON offered.crm_offer_rule_id = rule.id
            JOIN (
                SELECT partner_id, product_id, company_id, date, amount FROM crm_sales_fact
                UNION ALL
                SELECT partner_id, product_id, company_id, date, amount FROM crm_sales_fact_delta
            ) AS sold
                ON sold.partner_id = offer.partner_id AND sold.company_id = offer.company_id
                AND sold.product_id = offered.product_product_id
                AND sold.date < offer.date AND sold.date >= offer.date - %(days)s
            WHERE offer.id = ANY(%(ids)s)
            GROUP BY offer.id, rule.valid_days
            """, days=USUAL_DAYS, ids=list(self.ids))))
