from odoo import models


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    _prospect_idx = models.Index("(email_normalized) WHERE partner_id IS NULL AND active")
