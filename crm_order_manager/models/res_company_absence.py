from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    lend_when_absent = fields.Boolean(
        "Lend Orders during Absences",
        help="On the first day of an absence, the open orders of an order manager go to his "
             "deputy, else to who has the fewest; afterwards he gets them back.")
