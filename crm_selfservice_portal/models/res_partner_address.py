from odoo import models


class ResPartner(models.Model):
    """An address of a company is changed in the portal by who may."""

    _inherit = 'res.partner'

    def _can_be_edited_by_current_customer(self, **kwargs):
        user = self.env.user
        return super()._can_be_edited_by_current_customer(**kwargs) and (
            self == user.partner_id
            or user._has_portal_right('buy' if self.type == 'delivery' else 'administer'))
