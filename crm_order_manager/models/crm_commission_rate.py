from odoo import api, fields, models


class CrmCommissionRate(models.Model):
    """What a plan pays for the goods of one product category and those below it."""

    _name = 'crm.commission.rate'
    _description = "Commission Rate of a Product Category"
    _order = 'plan_id, category_id'
    _rec_name = 'category_id'

    plan_id = fields.Many2one('crm.commission.plan', required=True, index=True, ondelete='cascade')
    category_id = fields.Many2one(
        'product.category', "Product Category", required=True, ondelete='cascade')
    rate = fields.Float("Rate (%)", digits=(16, 2))

    _category_unique = models.Constraint(
        'UNIQUE (plan_id, category_id)', "A plan has one rate for each product category.")
    _check_rate = models.Constraint(
        'CHECK (rate >= 0 AND rate <= 100)', "A rate is between 0 and 100 percent.")

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._change_terms()
        return rates

    def write(self, vals):
        self._change_terms()
        result = super().write(vals)
        self._change_terms()
        return result

    def unlink(self):
        plans = self.plan_id
        self._change_terms()
        result = super().unlink()
        plans._mark_orders()
        return result

    def _change_terms(self):
        self.plan_id._start_over()
        self.plan_id._mark_orders()
