import ast

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_sales_facts import periods

SOURCES = [
    ('bill', "Bills"),
    ('order', "Orders"),
    ('request', "Requests"),
    ('call', "Calls"),
    ('visit', "Portal Visits"),
    ('touch', "Touches"),
    ('campaign', "Campaigns"),
    ('customer', "The Customer"),
]
MEASURES = [
    ('last_date', "Last"),
    ('first_date', "First"),
    ('count', "Number"),
    ('amount', "Untaxed Amount"),
    ('average', "Average Amount"),
    ('quantity', "Quantity"),
    ('margin', "Margin"),
    ('gap', "Days Between Purchases"),
    ('share', "Share of the Products (%)"),
]
MEMBER_STATES = [
    ('planned', "Planned"),
    ('contacted', "Contacted"),
    ('responded', "Responded"),
    ('bought', "Bought"),
    ('declined', "Declined"),
    ('control', "Control Group"),
]
PURCHASES = ('bill', 'order')
# What can be asked of each source; of the others, only whether it holds.
MEASURES_OF = {
    'bill': [name for name, label in MEASURES],
    'order': [name for name, label in MEASURES],
    'request': ['last_date', 'first_date', 'count'],
    'call': ['last_date', 'first_date', 'count'],
    'visit': ['last_date'],
    'touch': ['last_date', 'first_date', 'count'],
}
DATES = ('last_date', 'first_date')
# Who did nothing has 0 of these.
SUMS = ('count', 'amount', 'quantity', 'margin')
# What compares with what the customer does on the average.
OWN = (*SUMS, 'last_date')
OPERATORS = {
    '<': lambda left, right: left < right,
    '<=': lambda left, right: left <= right,
    '>': lambda left, right: left > right,
    '>=': lambda left, right: left >= right,
}


class CrmAudienceCriterion(models.Model):
    """One condition on customers, said in a row; or the head of a group of conditions."""

    _name = 'crm.audience.criterion'
    _description = "Criterion"
    _order = 'audience_id, sequence, id'
    _rec_name = 'sentence'

    audience_id = fields.Many2one(
        'crm.audience', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='audience_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    sequence = fields.Integer(default=10)
    is_group = fields.Boolean("Group", help="The criteria below belong to it.")
    match = fields.Selection(
        [('all', "All of these"), ('any', "Any of these"), ('none', "None of these")],
        "Customers Meet", default='all', required=True)
    source = fields.Selection(SOURCES, "Look at", default='bill', required=True)
    measure = fields.Selection(MEASURES, "And Take", default='last_date', required=True)
    offered_measures = fields.Json(
        compute='_compute_offered_measures', help="What can be asked of the source by the user.")
    negate = fields.Boolean("Not", help="Customers for whom it does not hold.")
    threshold = fields.Selection(
        [
            ('value', "A value"),
            ('top', "The highest percent of customers"),
            ('bottom', "The lowest percent of customers"),
            ('own', "Percent of his own average"),
        ], "Compare with", default='value', required=True)
    operator = fields.Selection(
        [('<', "less than"), ('<=', "at most"), ('>', "more than"), ('>=', "at least")],
        "Comparison", default='<', required=True)
    date_operator = fields.Selection(
        [('<', "before"), ('<=', "on or before"), ('>', "after"), ('>=', "on or after")],
        "Before or After", compute='_compute_date_operator', inverse='_inverse_date_operator')
    value = fields.Float(digits=(16, 2))
    days = fields.Integer("Days Ago", default=90)
    period = fields.Selection(
        [
            ('always', "Always"),
            ('last', "Last"),
            ('fixed', "From ... to ..."),
            ('this_month', "This month"),
            ('last_month', "Last month"),
            ('this_quarter', "This quarter"),
            ('last_quarter', "Last quarter"),
            ('this_year', "This year"),
            ('last_year', "Last year"),
        ], default='always', required=True)
    period_count = fields.Integer("How Many", default=12)
    period_unit = fields.Selection(
        [('days', "days"), ('months', "months"), ('years', "years")], "Unit", default='months',
        required=True)
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    product_ids = fields.Many2many('product.product', string="Products")
    category_ids = fields.Many2many('product.category', string="Product Categories")
    tag_ids = fields.Many2many(
        'product.tag', 'crm_audience_criterion_product_tag_rel', string="Product Tags")
    campaign_ids = fields.Many2many('utm.campaign', string="Campaigns")
    team_ids = fields.Many2many('crm.team', string="Sales Teams")
    type_ids = fields.Many2many('crm.request.type', string="Request Types")
    outcome_ids = fields.Many2many('crm.call.outcome', string="Outcomes")
    member_state = fields.Selection(
        MEMBER_STATES, "State in It", help="Any state when it is left empty.")
    partner_domain = fields.Char("Customers", default='[]')

    _check_period_count = models.Constraint(
        'CHECK(period_count > 0)', "A period lasts at least one day, month or year.")
    _check_dates = models.Constraint(
        'CHECK(date_from <= date_to)', "A period ends after its beginning.")

    @api.depends('source')
    @api.depends_context('uid')
    def _compute_offered_measures(self):
        hidden = set() if self._may_see_margin() else {'margin'}
        for criterion in self:
            criterion.offered_measures = [
                name for name in MEASURES_OF.get(criterion.source, []) if name not in hidden]

    @api.depends('operator')
    def _compute_date_operator(self):
        for criterion in self:
            criterion.date_operator = criterion.operator

    def _inverse_date_operator(self):
        for criterion in self:
            criterion.operator = criterion.date_operator

    @api.onchange('source')
    def _onchange_source(self):
        allowed = MEASURES_OF.get(self.source, [])
        if allowed and self.measure not in allowed:
            self.measure = allowed[0]
        if self.source not in PURCHASES:
            self.threshold = 'value'

    @api.onchange('threshold')
    def _onchange_threshold(self):
        if self.threshold != 'value' and not 0 < self.value <= 100:
            self.value = 100 if self.threshold == 'own' else 10

    @api.constrains(
        'source', 'measure', 'threshold', 'value', 'period', 'date_from', 'date_to', 'is_group',
        'product_ids', 'category_ids', 'tag_ids', 'campaign_ids', 'partner_domain')
    def _check_criterion(self):
        for criterion in self.filtered(lambda criterion: not criterion.is_group):
            if problem := criterion._problem():
                raise ValidationError(self.env._(
                    "%(criterion)s: %(problem)s",
                    criterion=criterion.sentence, problem=problem))

    def _problem(self):
        """Return in words why the criterion cannot be evaluated, nothing when it can.

        :rtype: str
        """
        if self.source in MEASURES_OF and self.measure not in MEASURES_OF[self.source]:
            return self.env._("choose something else that is known of this source.")
        if self.source == 'campaign' and not self.campaign_ids:
            return self.env._("choose at least one campaign.")
        if self.source not in PURCHASES:
            return self._domain_problem() if self.source == 'customer' else ''
        if self.threshold in ('top', 'bottom') and not 0 < self.value <= 100:
            return self.env._("choose a share of the customers above 0 and up to 100 %%.")
        if self.threshold == 'own':
            return self._own_problem()
        if self.measure == 'share' and not self._has_products():
            return self.env._("choose the products of which he is to have a share.")
        return self._period_problem()

    def _own_problem(self):
        if self.measure not in OWN:
            return self.env._("there is no average of his own for this. Compare with a value.")
        if self.measure != 'last_date' and not self._dates()[0]:
            return self.env._("choose a period that is compared with his average.")
        return self._period_problem()

    def _period_problem(self):
        if self.period == 'fixed' and not (self.date_from or self.date_to):
            return self.env._("say from when, or up to when.")
        return ''

    def _domain_problem(self):
        try:
            self._partner_domain().validate(self.env['res.partner'])
        except (ValueError, SyntaxError, TypeError) as error:
            return self.env._("the condition cannot be read (%(error)s).", error=error)
        return ''

    def _partner_domain(self):
        """Return the condition on the fields of the customer.

        :rtype: Domain
        """
        return Domain(ast.literal_eval(self.partner_domain or '[]'))

    def _has_products(self):
        return bool(self.product_ids or self.category_ids or self.tag_ids)

    @api.model
    def _rule_fields(self):
        """Return the names of the fields that decide who meets a criterion.

        :rtype: list[str]
        """
        return [
            'is_group', 'match', 'source', 'measure', 'negate', 'threshold', 'operator', 'value',
            'days', 'period', 'period_count', 'period_unit', 'date_from', 'date_to',
            'product_ids', 'category_ids', 'tag_ids', 'campaign_ids', 'team_ids', 'type_ids',
            'outcome_ids', 'member_state', 'partner_domain']

    def _dates(self):
        """Return the first and the last day that count, each nothing when it is open.

        :rtype: tuple[date | None, date | None]
        """
        today = fields.Date.context_today(self)
        if self.period == 'always':
            return None, None
        if self.period == 'fixed':
            return self.date_from or None, self.date_to or None
        if self.period == 'last':
            start = today - relativedelta(**{self.period_unit: self.period_count})
            return start + relativedelta(days=1), today
        return periods.named(self.period, today)

    def _holds_for_nothing(self):
        """Return whether it holds for customers of whom the source knows nothing."""
        return self.measure in SUMS and self.threshold == 'value' and OPERATORS[self.operator](
            0, self.value)

    def _limit_date(self):
        """Return the day with which dates are compared.

        :rtype: date
        """
        return fields.Date.context_today(self) - relativedelta(days=self.days)
