from odoo import models


class ResPartner(models.Model):
    """What customers are told of an employee is kept in memory, see `res.users._portal_card`."""

    _inherit = 'res.partner'

    def write(self, vals):
        result = super().write(vals)
        if {'name', 'email', 'phone'} & vals.keys() and not all(self.mapped('partner_share')):
            self.env.registry.clear_cache()
        return result
