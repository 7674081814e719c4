from odoo import fields, models


class ProductTemplate(models.Model):
    """A product says how long it is under warranty, and in which time it may be returned."""

    _inherit = 'product.template'

    warranty_months = fields.Integer(
        "Warranty", help="Months from the delivery, else from the order. 0: no warranty.")
    return_days = fields.Integer(
        help="In how many days it may be returned, where that differs from the return policy. "
             "0: as the policy says.")

    _warranty_months = models.Constraint(
        'CHECK (warranty_months >= 0)', "The months of warranty cannot be below zero.")
    _return_days = models.Constraint(
        'CHECK (return_days >= 0)', "The days of return cannot be below zero.")
