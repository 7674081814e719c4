from odoo import api, fields, models
from odoo.tools import SQL


class CrmCampaignSale(models.Model):
    """Orders that used a promotion of the campaign are its own, and what the customer saved."""

    _inherit = 'crm.campaign.sale'
    _depends = {
        'sale.order.line': [
            'order_id', 'reward_id', 'price_subtotal', 'price_unit', 'product_uom_qty'],
        'loyalty.reward': ['program_id'],
        'loyalty.program': ['campaign_id'],
    }

    saving = fields.Monetary(
        "Saved by the Customer", readonly=True,
        help="What the promotions of the campaign took off the order.")

    @api.model
    def _all_claims(self):
        return [self._reward_claims(), *super()._all_claims()]

    def _reward_claims(self):
        return SQL(
            """
            SELECT DISTINCT sold.id AS order_id, campaign.id AS campaign_id, 0 AS place,
                   campaign.date_start::timestamp AS since
            FROM utm_campaign campaign
            JOIN loyalty_program program ON program.campaign_id = campaign.id
            JOIN loyalty_reward reward ON reward.program_id = program.id
            JOIN sale_order_line line ON line.reward_id = reward.id
            JOIN sale_order sold ON sold.id = line.order_id
            WHERE campaign.attribution = 'code' AND campaign.state IN ('running', 'done')
              AND sold.state = 'sale' AND sold.date_order >= campaign.date_start
            """)

    @api.model
    def _more_columns(self):
        # A free product is a line at a discount of 100 %, anything else one with a price below 0.
        saving = SQL(
            """, COALESCE((
                SELECT sum(GREATEST(
                    -line.price_subtotal,
                    line.price_unit * line.product_uom_qty - line.price_subtotal))
                FROM sale_order_line line
                JOIN loyalty_reward reward ON reward.id = line.reward_id
                JOIN loyalty_program program ON program.id = reward.program_id
                WHERE line.order_id = sold.id AND program.campaign_id = taken.campaign_id
            ), 0) / COALESCE(NULLIF(sold.currency_rate, 0), 1) AS saving""")
        return SQL("%s %s", super()._more_columns(), saving)
