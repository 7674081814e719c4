from odoo import fields, models


class CrmSalesCompare(models.TransientModel):
    _inherit = 'crm.sales.compare'

    group_by = fields.Selection(
        selection_add=[('personal_manager_id', "Personal Manager")],
        ondelete={'personal_manager_id': 'set default'})
