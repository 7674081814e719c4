from odoo import fields, models


class CrmRepresentativeAct(models.Model):
    """Representatives set credit notes off against bills."""

    _inherit = 'crm.representative.act'

    act = fields.Selection(
        selection_add=[('set_off', "Set Off")], ondelete={'set_off': 'cascade'})
