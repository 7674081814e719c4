import ast
import re

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.crm_roles.notification import RELOAD, notify

KINDS = [
    ('no_sale', "Nothing Bought for Long"),
    ('advance', "Unused Advance Payment or Credit"),
    ('overdue', "Overdue Bills"),
    ('credit_limit', "Credit Limit in Use"),
    ('balance', "Balance of the Account"),
    ('after_delivery', "After a Delivery or Service"),
    ('quotation_expiring', "Quotation about to Expire"),
    ('next_purchase', "Next Purchase Expected"),
]
# What may stand in the subject of what is made.
PLACEHOLDERS = ('customer', 'rule', 'days', 'date', 'amount', 'percent')
PLACEHOLDER = re.compile(r'\{([^{}]*)\}')


class CrmRequestRule(models.Model):
    """Makes a request of each customer whose account is in a certain state."""

    _name = 'crm.request.rule'
    _description = "Rule That Makes Requests"
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, "When", required=True, default='no_sale')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company,
        help="Its documents and those of its branches count.")
    currency_id = fields.Many2one(related='company_id.currency_id')

    days = fields.Integer(help="How many days it depends on the kind of the rule. 0: not asked.")
    days_max = fields.Integer(
        "Up to", help="What is longer ago than so many days is left alone. 0: no end.")
    factor = fields.Float(
        "Times Own Rhythm",
        help="The rhythm of a customer is the median gap between the days on which he bought; "
             "he must have bought on three days at least. 0: not asked.")
    amount = fields.Monetary(
        "At Least", help="Smaller amounts are left alone. For a balance: below zero means that "
                         "so much or more is in favour of the customer.")
    percent = fields.Float(
        "Percent of the Limit", default=80.0,
        help="The limit is used by what the customer owes and by his orders that are to be billed.")
    domain = fields.Char(
        "Customers", default='[]', required=True, help="Empty: all customers.")

    type_id = fields.Many2one(
        'crm.request.type', "Makes", required=True, check_company=True, ondelete='restrict',
        index=True)
    subject = fields.Char(
        required=True, translate=True, default="{rule}",
        help="May hold {customer}, {rule}, {days}, {date}, {amount} and {percent}.")
    priority = fields.Selection(
        [('0', "Normal"), ('1', "Important"), ('2', "Urgent"), ('3', "Critical")], default='0',
        required=True)
    user_id = fields.Many2one(
        'res.users', "Responsible", domain=[('share', '=', False)], check_company=True,
        help="Empty: whom the routing finds.")
    team_id = fields.Many2one(
        'crm.team', check_company=True, help="Empty: the team of the type.")
    cooling_days = fields.Integer(
        "Not Again within", default=30,
        help="After a request was solved, closed or cancelled, the rule leaves the customer alone "
             "for so many days.")

    request_ids = fields.One2many('crm.request', 'rule_id', "Requests")
    request_count = fields.Integer("Pending", compute='_compute_request_count')
    date_run = fields.Datetime("Last Run", readonly=True, copy=False)
    run_unfinished = fields.Boolean(readonly=True, copy=False)
    failure = fields.Text(readonly=True, copy=False)

    _days = models.Constraint(
        'CHECK (days >= 0 AND days_max >= 0 AND cooling_days >= 0)',
        "Numbers of days cannot be below zero.")
    _shares = models.Constraint(
        'CHECK (factor >= 0 AND percent >= 0)', "Factor and percent cannot be below zero.")

    def _compute_request_count(self):
        requests = self.env['crm.request']
        counts = dict(requests._read_group(
            requests._pending_domain() & Domain('rule_id', 'in', self.ids),
            ['rule_id'], ['__count']))
        for rule in self:
            rule.request_count = counts.get(rule, 0)

    @api.constrains('kind', 'days', 'factor', 'days_max')
    def _check_parameters(self):
        for rule in self:
            if rule.kind == 'no_sale' and not rule.days and not rule.factor:
                raise ValidationError(self.env._(
                    "%(rule)s: say after how many days, or after how many times the customer's "
                    "own rhythm.", rule=rule.name))
            if rule.kind == 'after_delivery' and rule.days_max < rule.days:
                raise ValidationError(self.env._(
                    "%(rule)s: say up to how many days after a delivery a customer is asked, "
                    "%(days)s or more.", rule=rule.name, days=rule.days))

    @api.constrains('domain')
    def _check_domain(self):
        for rule in self:
            try:
                rule.env['res.partner']._search(rule._customer_domain())
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(self.env._(
                    "%(rule)s: its choice of customers cannot be read. Choose them anew.",
                    rule=rule.name)) from error

    @api.constrains('subject')
    def _check_subject(self):
        for rule in self:
            if unknown := set(PLACEHOLDER.findall(rule.subject)) - set(PLACEHOLDERS):
                raise ValidationError(self.env._(
                    "%(rule)s: the subject may hold %(known)s, but not %(unknown)s.",
                    rule=rule.name, known=", ".join(f'{{{name}}}' for name in PLACEHOLDERS),
                    unknown=", ".join(f'{{{name}}}' for name in sorted(unknown))))

    def copy_data(self, default=None):
        return [
            {**vals, 'name': self.env._("%(rule)s (copy)", rule=rule.name)} | (default or {})
            for rule, vals in zip(self, super().copy_data(default), strict=True)]

    def action_run(self):
        """Run the rules now, and open what they made.

        :return: an action that tells how many requests were made
        :rtype: dict
        :raise UserError: if one of the rules is at work already
        """
        self.check_access('write')
        # A rule looks at the accounts of all customers, whoever lets it run.
        rules = self.with_user(SUPERUSER_ID)
        if busy := rules - rules.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._(
                "%(rule)s is at work at this moment. Try again in a minute.", rule=busy[0].name))
        made = rules._run()
        return notify(self.env._("%s requests were made.", len(made)), RELOAD)

    def action_preview(self):
        """Open the list of customers of whom a request would be made today; makes none.

        :rtype: dict
        """
        self.check_access('read')
        candidates = self.env['crm.request.rule.candidate']._propose(self)
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_rule_candidate_action')
        title = self.env._("Would make %s today", len(candidates))
        return {
            **action,
            'name': title,
            'display_name': title,
            'domain': [('id', 'in', candidates.ids)],
        }

    def action_open_requests(self):
        """Open what the rules made.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_action')
        return {
            **action,
            'domain': [('rule_id', 'in', self.ids)],
            'context': {'search_default_pending': True},
        }

    def _customer_domain(self):
        """Return the customers the rule looks at: active, of its company, not left in peace.

        :rtype: Domain
        """
        self.ensure_one()
        return (
            Domain(ast.literal_eval(self.domain or '[]'))
            & Domain('crm_request_quiet', '=', False)
            & Domain('ref_company_ids', '=', False)
            & Domain('company_id', 'in', [False, *self._company_ids()]))

    def _company_ids(self):
        """Return the companies whose documents count.

        :rtype: list[int]
        """
        # sudo: res.company - branches count whether or not the user works for them
        return self.env['res.company'].sudo().search([('id', 'child_of', self.company_id.ids)]).ids
