from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_request_confirm import ANSWERS_PARAMETER, ANSWERS_PER_HOUR
from .crm_request_mail import DEFAULT_LIMIT, LIMIT


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    request_alias_name = fields.Char(related='company_id.request_alias_name', readonly=False)
    request_alias_domain = fields.Char(related='company_id.alias_domain_id.name')
    request_default_type_id = fields.Many2one(
        related='company_id.request_default_type_id', readonly=False)
    request_fax_senders = fields.Char(related='company_id.request_fax_senders', readonly=False)
    request_mail_limit = fields.Integer(
        "Largest Mail (MB)", config_parameter=LIMIT, default=DEFAULT_LIMIT)
    request_confirmations_per_hour = fields.Integer(
        "Confirmations per Hour", config_parameter=ANSWERS_PARAMETER, default=ANSWERS_PER_HOUR)

    @api.constrains('request_mail_limit', 'request_confirmations_per_hour')
    def _check_request_limits(self):
        for settings in self:
            if settings.request_mail_limit < 1 or settings.request_confirmations_per_hour < 1:
                raise ValidationError(self.env._(
                    "The size of the largest mail and the number of confirmations are at least 1."))
