from odoo import api, models


class ResPartner(models.Model):
    """Which companies belong together decides what those see who act for a group of them."""

    _inherit = 'res.partner'

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(partner.is_company and partner.parent_id for partner in partners):
            self.env.registry.clear_cache()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if {'parent_id', 'is_company', 'company_type'} & vals.keys() and any(
                partner.is_company or partner.user_ids for partner in self):
            self.env.registry.clear_cache()
        return result
