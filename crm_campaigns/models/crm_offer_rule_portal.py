from odoo import api, fields, models


class CrmOfferRule(models.Model):
    """Customers may find in their portal what a rule offers to them, and take it there."""

    _inherit = 'crm.offer.rule'

    in_portal = fields.Boolean(
        "Shown in the Portal",
        help="Customers see the offer in their portal with the reason, and make its quotation "
             "themselves.")
    portal_text = fields.Html("Text in the Portal", translate=True, sanitize_attributes=True)

    @api.constrains('in_portal', 'offered_product_ids')
    def _check_portal(self):
        self._check_rule()

    def _problem(self):
        if self.in_portal and not self.offered_product_ids:
            return self.env._(
                "choose the offered products: in the portal customers make the quotation "
                "themselves.")
        return super()._problem()
