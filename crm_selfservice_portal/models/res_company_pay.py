from odoo import fields, models


class ResCompany(models.Model):
    """What customers may do when they pay in the portal."""

    _inherit = 'res.company'

    pay_part_amounts = fields.Boolean(
        "Part Payments",
        help="In the portal customers may pay a part of a bill or an order.")
    payment_rest_user_id = fields.Many2one(
        'res.users', "Told of Money Left on Account", domain=[('share', '=', False)],
        help="Gets an activity when money came for a bill that was paid meanwhile. Without a name "
             "here it is the accountant with the fewest of them.")
