from odoo import fields, models


class CrmCampaignTouch(models.Model):
    """The coupon that a member got."""

    _inherit = 'crm.campaign.touch'

    channel = fields.Selection(
        selection_add=[('coupon', "Coupon")], ondelete={'coupon': 'set default'})
    card_id = fields.Many2one(
        'loyalty.card', "Coupon", readonly=True, index='btree_not_null', ondelete='set null')
    coupon_code = fields.Char(related='card_id.code')

    def _mail_code(self):
        return self.coupon_code or super()._mail_code()
