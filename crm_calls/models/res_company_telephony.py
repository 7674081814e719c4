from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .telephony import dial_template_fault


class ResCompany(models.Model):
    _inherit = 'res.company'

    dial_template = fields.Char(
        "Link to Dial", default='tel:{phone}', required=True,
        help="What a click on a phone number opens. {phone} stands for the number, {user} for the "
             "telephone extension of the caller, or his login if he has none.")
    recording_days = fields.Integer(
        "Keep Recordings for", default=180,
        help="Days after which the recording of a call is removed. 0: never.")

    _check_recording_days = models.Constraint(
        'CHECK(recording_days >= 0)', "Recordings cannot be kept for less than 0 days.")

    @api.constrains('dial_template')
    def _check_dial_template(self):
        for company in self:
            fault = dial_template_fault(company.dial_template)
            if fault == 'phone':
                raise ValidationError(self.env._(
                    "%s: the link to dial does not say where the number goes. "
                    "Write {phone} at its place.", company.name))
            if fault == 'other':
                raise ValidationError(self.env._(
                    "%s: the link to dial has a placeholder that is not known. "
                    "Use {phone} and {user} only.", company.name))
            if fault:
                raise ValidationError(self.env._(
                    "%s: the link to dial must begin with its kind, like tel: or https://. "
                    "Scripts are not allowed.", company.name))
