from odoo import models


class ResPartner(models.Model):
    """The contacts among whom audiences choose are found without touching the table."""

    _inherit = 'res.partner'

    _customer_idx = models.Index(
        "(id) INCLUDE (commercial_partner_id, company_id, partner_share)"
        " WHERE active IS TRUE AND partner_share IS TRUE"
        " AND (commercial_partner_id = id) IS TRUE")

    def init(self):
        super().init()
        # Else the database takes one contact in two hundred for a customer, and plans for that.
        self.env.cr.execute(
            "CREATE STATISTICS IF NOT EXISTS crm_campaigns_customers"
            " ON ((commercial_partner_id = id)) FROM res_partner")
