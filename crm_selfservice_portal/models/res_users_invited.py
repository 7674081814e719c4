from odoo import api, models


class ResUsers(models.Model):
    """Who was invited and has come is a contact like others."""

    _inherit = 'res.users'

    @api.model
    def _update_last_login(self):
        result = super()._update_last_login()
        # sudo: res.partner - who signs in need not write his contact
        self.env.user.sudo().partner_id.filtered('is_invited').is_invited = False
        return result
