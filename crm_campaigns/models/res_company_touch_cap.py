from odoo import fields, models


class ResCompany(models.Model):
    """How often a customer may hear of the company's campaigns."""

    _inherit = 'res.company'

    touch_cap = fields.Integer(
        "Touches at Most", default=4,
        help="Mails, letters, calls and requests for a sale per customer, over all campaigns. "
             "0: no limit.")
    touch_cap_days = fields.Integer("Within Days", default=30)

    _check_touch_cap = models.Constraint(
        'CHECK(touch_cap >= 0 AND touch_cap_days > 0)',
        "Customers hear of the campaigns 0 times or more, within 1 day or more.")
