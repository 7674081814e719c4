import secrets

from odoo import fields, models

SECRET = 'crm_calls.telephony_secret'


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    dial_template = fields.Char(related='company_id.dial_template', readonly=False, required=True)
    recording_days = fields.Integer(related='company_id.recording_days', readonly=False)
    telephony_url = fields.Char("Address for the Dialler", compute='_compute_telephony')
    telephony_secret = fields.Char("Secret of the Dialler", compute='_compute_telephony')

    def _compute_telephony(self):
        for settings in self:
            settings.telephony_url = f'{settings.get_base_url()}/crm_calls/telephony'
            settings.telephony_secret = self.env['ir.config_parameter'].get_param(SECRET)

    def action_new_telephony_secret(self):
        """Make a new secret for the dialler; what the old one signs is refused from now on."""
        self.env['ir.config_parameter'].set_param(SECRET, secrets.token_urlsafe(32))
