from odoo import fields, models


class ResCompany(models.Model):
    """How far customers may correct their orders themselves."""

    _inherit = 'res.company'

    correction_mode = fields.Selection([
        ('no', "Not allowed"),
        ('approval', "Sent for approval"),
        ('at_once', "Applied at once"),
    ], "Corrections of Orders", default='approval', required=True)
    correction_hours = fields.Integer(
        "Hours before the Planned Date", default=24,
        help="Until so many hours before the planned date of delivery an order may be corrected.")
    correction_quantity = fields.Boolean("Change Quantities", default=True)
    correction_removal = fields.Boolean("Remove Lines", default=True)
    correction_address = fields.Boolean("Change the Delivery Address", default=True)
    correction_date = fields.Boolean("Change the Delivery Date", default=True)
    correction_cancel = fields.Boolean("Cancel Orders", default=True)

    _correction_hours_positive = models.Constraint(
        'CHECK (correction_hours >= 0)',
        "The hours before the planned date must not be negative.")
