from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    customer_cap = fields.Integer(
        "Customers per Personal Manager", default=200,
        help="Nobody takes more customers for himself than this. 0: no limit.")
    customer_cooling_days = fields.Integer(
        "Cooling Period", default=30,
        help="Days after which a customer somebody gave up can be taken again. A call center lead "
             "or a sales manager need not wait.")

    _check_customer_cap = models.Constraint(
        'CHECK(customer_cap >= 0)', "The number of customers per person cannot be negative.")
    _check_customer_cooling_days = models.Constraint(
        'CHECK(customer_cooling_days >= 0)', "The cooling period cannot be negative.")
