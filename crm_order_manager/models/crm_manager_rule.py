from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CrmManagerRule(models.Model):
    """The orders of a team that go to certain people, in turn; the first rule that fits counts."""

    _name = 'crm.manager.rule'
    _description = "Rule of Order Managers"
    _order = 'sequence, id'

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    team_id = fields.Many2one('crm.team', required=True, index=True, ondelete='cascade')
    model_name = fields.Char(default='sale.order', readonly=True, store=False)
    domain = fields.Char("Orders", required=True, default='[]')
    user_ids = fields.Many2many('res.users', string="Order Managers", required=True)

    @api.constrains('domain')
    def _check_domain(self):
        for rule in self:
            try:
                rule._order_domain().validate(self.env['sale.order'])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(self.env._(
                    "%(rule)s: the filter of orders cannot be read (%(error)s). Make it anew.",
                    rule=rule.name, error=error)) from error

    def _order_domain(self):
        """Return the domain of the orders the rule is for.

        :rtype: Domain
        """
        self.ensure_one()
        return Domain(literal_eval(self.domain or '[]'))
