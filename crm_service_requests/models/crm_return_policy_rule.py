from odoo import fields, models

from .crm_return_policy import DECISIONS
from .return_decision import Rule

CONDITIONS = [
    ('unopened', "Unopened"),
    ('opened', "Opened"),
    ('damaged', "Damaged"),
    ('defective', "Defective"),
]


class CrmReturnPolicyRule(models.Model):
    """For which returns a policy decides what; the first rule that fits decides."""

    _name = 'crm.return.policy.rule'
    _description = "Rule of a Return Policy"
    _order = 'sequence, id'

    name = fields.Char("Rule", required=True, translate=True)
    sequence = fields.Integer(default=10)
    policy_id = fields.Many2one(
        'crm.return.policy', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='policy_id.company_id', store=True)
    category_id = fields.Many2one(
        'product.category', "Product Category", ondelete='restrict',
        help="Products of the category and those below it. Empty: all.")
    condition = fields.Selection(CONDITIONS, help="Empty: any.")
    partner_tag_id = fields.Many2one(
        'res.partner.category', "Customer Tag", ondelete='restrict',
        help="Customers with this tag. Empty: all.")
    period = fields.Selection(
        [('within', "Within"), ('after', "Later Than")], help="Empty: at any time.")
    days = fields.Integer()
    since = fields.Selection(
        [('delivery', "Delivery"), ('order', "Order"), ('bill', "Bill")],
        default='delivery', required=True,
        help="Where no delivery is known, the date of the order counts.")
    own_days = fields.Boolean(
        "Days of the Product", default=True,
        help="Where the product has return days of its own, they count.")
    max_quantity = fields.Float(
        "Up to", digits='Product Unit',
        help="So much of what was bought, with all that went back before. 0: no limit.")
    max_share = fields.Float(
        "Up to Percent",
        help="So much of what was bought, with all that went back before. 0: no limit.")
    only_paid = fields.Boolean(help="Only for what is paid.")
    decision = fields.Selection(DECISIONS, default='accepted', required=True)
    reason = fields.Char(
        "Told to the Customer", translate=True, required=True,
        help="Why; the customer reads it.")
    fee = fields.Float(
        "Restocking Fee", help="Percent of the price that is kept.")

    _limits = models.Constraint(
        'CHECK (days >= 0 AND max_quantity >= 0 AND max_share >= 0 AND max_share <= 100)',
        "Days, quantities and shares cannot be below zero, shares not above 100 percent.")
    _fee = models.Constraint(
        'CHECK (fee >= 0 AND fee <= 100)', "The restocking fee is between 0 and 100 percent.")

    def _plain(self):
        """Return the rule as :mod:`return_decision` asks it.

        :rtype: Rule
        """
        self.ensure_one()
        return Rule(
            self.decision == 'accepted', self.reason, self.fee, self,
            category=self.category_id.id, condition=self.condition or '',
            tag=self.partner_tag_id.id, period=self.period or '', days=self.days,
            since=self.since, own_days=self.own_days, max_quantity=self.max_quantity,
            max_share=self.max_share, only_paid=self.only_paid)
