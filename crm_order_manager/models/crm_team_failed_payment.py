from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = 'crm.team'

    warn_failed_payment = fields.Boolean(
        "Warn of Failed Payments",
        help="When a customer of the team could not pay, a supervisor of the service or a lead of "
             "the call center gets an activity.")
