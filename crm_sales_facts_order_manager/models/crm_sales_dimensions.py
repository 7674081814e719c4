from odoo import fields, models


class CrmSalesDimensions(models.AbstractModel):
    """Sales are told by who looks after the customer, too."""

    _inherit = 'crm.sales.dimensions'

    personal_manager_id = fields.Many2one(related='partner_id.personal_manager_id')
