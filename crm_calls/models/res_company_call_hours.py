from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    call_calendar_id = fields.Many2one(
        'resource.calendar', "Hours for Calls",
        help="Customers are called in these hours only, by the clock where they are. Empty: at any "
             "time.")
