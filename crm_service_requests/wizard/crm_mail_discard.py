from odoo import fields, models


class CrmMailDiscard(models.TransientModel):
    """Why mails of the quarantine are of no use."""

    _name = 'crm.mail.discard'
    _description = "Discard Mail"

    mail_ids = fields.Many2many('crm.mail.quarantine', string="Mails", required=True)
    reason = fields.Char(required=True)

    def action_discard(self):
        """Discard the mails.

        :raise UserError: if one of them was handled meanwhile
        """
        self.mail_ids._discard(self.reason)
        return {'type': 'ir.actions.act_window_close'}
