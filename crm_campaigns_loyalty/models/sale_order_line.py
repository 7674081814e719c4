from odoo import models


class SaleOrderLine(models.Model):
    """Campaigns look for the lines of their promotions."""

    _inherit = 'sale.order.line'

    # An index of ours, so that it goes when we do.
    _campaign_reward_idx = models.Index("(reward_id) WHERE reward_id IS NOT NULL")
