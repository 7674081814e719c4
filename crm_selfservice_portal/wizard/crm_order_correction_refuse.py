from odoo import fields, models


class CrmOrderCorrectionRefuse(models.TransientModel):
    """Why a correction is refused."""

    _name = 'crm.order.correction.refuse'
    _description = "Refuse an Order Correction"

    correction_id = fields.Many2one(
        'crm.order.correction', required=True, readonly=True, ondelete='cascade')
    reason = fields.Text(required=True, help="The customer reads it.")

    def action_refuse(self):
        """Refuse the correction, and tell the customer why.

        :raise AccessError: when the user may not decide
        :raise UserError: when it was decided meanwhile
        """
        self.correction_id._decide('refused', self.reason)
        return {'type': 'ir.actions.act_window_close'}
