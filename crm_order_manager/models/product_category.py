from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = 'product.category'

    duty_plan_id = fields.Many2one(
        'mail.activity.plan', "Plan after a Purchase", index='btree_not_null',
        domain=[('res_model', '=', 'res.partner')], ondelete='restrict',
        help="Once an order with a product of this category is paid, the personal manager of the "
             "customer gets the activities of this plan. Categories below without a plan of their "
             "own have this one.")

    def _duty_plan(self):
        """Return the plan of the category, or of the nearest one above that has one.

        :rtype: mail.activity.plan
        """
        self.ensure_one()
        category = self
        while category and not category.duty_plan_id:
            category = category.parent_id
        return category.duty_plan_id.filtered('active')
