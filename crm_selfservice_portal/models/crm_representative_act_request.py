from odoo import fields, models


class CrmRepresentativeAct(models.Model):
    """Representatives answer requests and say how they were served."""

    _inherit = 'crm.representative.act'

    act = fields.Selection(
        selection_add=[('answer', "Answered"), ('rate', "Rated")],
        ondelete={'answer': 'cascade', 'rate': 'cascade'})
