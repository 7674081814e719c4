from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ..uplift import FEWEST, Arm, uplift
from .crm_campaign_step import PLANNERS

MARGIN = 'crm_sales_facts.group_margin_all'
RESPONSES = ('responded', 'bought')


class UtmCampaign(models.Model):
    """What a campaign costs and brings, and what it brings more than leaving people alone."""

    _inherit = 'utm.campaign'

    attribution = fields.Selection(
        [
            ('window', "Members who order in time"),
            ('utm', "Orders that name the campaign"),
            ('code', "Orders with its code"),
        ], "Orders Count When", default='window', required=True, tracking=True,
        help="Each order counts for one campaign: a code before the campaign named on the order, "
             "and that before the time; of several the last contact.")
    window_days = fields.Integer(
        "Days after Contact", default=30,
        help="So long after a contact an order counts, and so long after the start members are "
             "compared with the control group.")
    code = fields.Char(
        copy=False, index='btree_not_null', help="What customers say when they order.")
    expected_sales = fields.Monetary(tracking=True)
    expected_response = fields.Float("Expected Response (%)", digits=(5, 1))
    sale_ids = fields.One2many('crm.campaign.sale', 'campaign_id', "Sales", groups=PLANNERS)
    expense_ids = fields.One2many(
        'crm.campaign.expense', 'campaign_id', "Expenses", groups=PLANNERS)
    contacted_count = fields.Integer("Contacted", compute='_compute_funnel')
    response_count = fields.Integer("Responses", compute='_compute_funnel')
    response_rate = fields.Float("Response (%)", compute='_compute_funnel', digits=(5, 1))
    order_count = fields.Integer("Orders", compute='_compute_sales', groups=PLANNERS)
    buyer_count = fields.Integer(
        "Customers Who Ordered", compute='_compute_sales', groups=PLANNERS)
    sales = fields.Monetary("Sales Brought", compute='_compute_sales', groups=PLANNERS)
    planned_cost = fields.Monetary(compute='_compute_costs', groups=PLANNERS)
    spent = fields.Monetary(compute='_compute_costs', groups=PLANNERS)
    margin = fields.Monetary("Margin Brought", compute='_compute_profit', groups=MARGIN)
    profit = fields.Monetary(
        compute='_compute_profit', groups=MARGIN, help="Margin brought, less what was spent.")
    uplift_text = fields.Text(
        "Compared with the Control Group", compute='_compute_uplift_text', groups=PLANNERS)

    _check_window_days = models.Constraint(
        'CHECK(window_days > 0)', "Orders count at least one day after a contact.")
    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Another campaign has this code already.")

    def _compute_funnel(self):
        counts = {}
        for campaign, state, count in self.env['crm.campaign.member']._read_group(
                [('campaign_id', 'in', self.ids), ('state', '!=', 'control')],
                ['campaign_id', 'state'], ['__count']):
            counts[campaign.id, state] = count
        for campaign in self:
            known = {state: count for (key, state), count in counts.items() if key == campaign.id}
            campaign.response_count = sum(known.get(state, 0) for state in RESPONSES)
            campaign.contacted_count = sum(known.values()) - known.get('planned', 0)
            campaign.response_rate = (
                100 * campaign.response_count / campaign.contacted_count
                if campaign.contacted_count else 0.0)

    def _compute_sales(self):
        sums = self._sums_of(
            'crm.campaign.sale', ['__count', 'partner_id:count_distinct', 'amount:sum'])
        for campaign in self:
            campaign.order_count, campaign.buyer_count, campaign.sales = sums.get(
                campaign.id, (0, 0, 0.0))

    def _compute_costs(self):
        # sudo: crm.campaign.expense - who may see the field may see the sum, not each bill
        spent = self.sudo()._sums_of('crm.campaign.expense', ['amount:sum'])
        planned = {
            campaign.id: amount
            for campaign, amount in self.env['crm.campaign.cost']._read_group(
                [('campaign_id', 'in', self.ids), ('kind', '=', 'planned')],
                ['campaign_id'], ['amount:sum'])}
        for campaign in self:
            campaign.planned_cost = planned.get(campaign.id, 0.0)
            [campaign.spent] = spent.get(campaign.id, (0.0,))

    def _compute_profit(self):
        sums = self._sums_of('crm.campaign.sale', ['margin:sum'])
        for campaign in self:
            [campaign.margin] = sums.get(campaign.id, (0.0,))
            campaign.profit = campaign.margin - campaign.spent

    def _sums_of(self, model, aggregates):
        """Return the sums over the rows of a view, by the id of the campaign."""
        return {
            campaign.id: tuple(value or 0 for value in values)
            for campaign, *values in self.env[model]._read_group(
                [('campaign_id', 'in', self.ids)], ['campaign_id'], aggregates)}

    @api.depends_context('uid', 'lang')
    def _compute_uplift_text(self):
        for campaign in self:
            campaign.uplift_text = campaign._uplift_text()

    def _uplift_text(self):
        """Return what the control group tells, in sentences.

        :rtype: str
        """
        if not self.control_count or not self.date_start:
            return ''
        sentences = [self._uplift_sentence(self._uplift('amount'), self.env._("sales"))]
        if self.env.user.has_group(MARGIN):
            sentences.append(self._uplift_sentence(self._uplift('margin'), self.env._("margin")))
        return "\n".join(dict.fromkeys(sentences))

    def _uplift_sentence(self, found, what):
        if not found:
            return self.env._(
                "Too few customers to tell: it takes %(fewest)s members and as many in the "
                "control group.", fewest=FEWEST)
        amounts = {
            'what': what,
            'value': self._money(abs(found.value)),
            'low': self._money(found.low),
            'high': self._money(found.high),
        }
        if not found.is_sure:
            return self.env._(
                "No difference in %(what)s that could not be chance: between %(low)s and %(high)s.",
                **amounts)
        if found.value < 0:
            return self.env._(
                "%(value)s less %(what)s than without, between %(low)s and %(high)s.", **amounts)
        return self.env._(
            "%(value)s more %(what)s than without, between %(low)s and %(high)s.", **amounts)

    def _money(self, amount):
        return format_amount(self.env, self.currency_id.round(amount), self.currency_id)

    def _uplift(self, measure):
        """Return how much more the members bought than the control group lets expect.

        What each customer ordered from the start on counts, whatever brought it, for as many days
        as orders count after a contact.

        :param str measure: `amount` or `margin`
        :rtype: Uplift | None
        """
        arms = {}
        for stratum, alone, count, total, squares in self._compared_rows(measure):
            arms[stratum, alone] = Arm(count, float(total), float(squares))
        strata = {stratum for stratum, alone in arms}
        return uplift([
            (arms.get((stratum, False), Arm()), arms.get((stratum, True), Arm()))
            for stratum in sorted(strata)])

    def _compared_rows(self, measure):
        self.ensure_one()
        self.env.flush_all()
        column = {'amount': SQL("sold.amount_untaxed"), 'margin': SQL("sold.margin")}[measure]
        return self.env.execute_query(SQL(
            """
            SELECT COALESCE(stratum, 0), alone, count(*), sum(bought), sum(bought * bought)
            FROM (
                SELECT member.stratum, member.state = 'control' AS alone, COALESCE((
                    %(purchases)s AND %(since_start)s
                ), 0)::numeric AS bought
                FROM crm_campaign_member member WHERE member.campaign_id = %(campaign)s
            ) AS customer
            GROUP BY 1, 2
            """,
            purchases=self._purchases(self._sum_of(column)), since_start=self._since_start(),
            campaign=self.id))

    def _purchases(self, wanted):
        """Return the query of the orders of a `member`, up to the last day that counts.

        :param SQL wanted: what is asked of `sold`
        :return: a query that ends with a condition
        :rtype: SQL
        """
        return SQL(
            """
            SELECT %(wanted)s
            FROM sale_order sold
            JOIN res_partner partner ON partner.id = sold.partner_id
            WHERE partner.commercial_partner_id = member.partner_id AND sold.state = 'sale'
              AND sold.date_order < %(start)s::date + %(days)s
            """,
            wanted=wanted, start=self.date_start, days=self.window_days)

    def _since_start(self):
        """Return when an order counts, as a condition on `sold`."""
        return SQL("sold.date_order >= %s", self.date_start)

    def _sum_of(self, column):
        """Return the sum of an amount of `sold`, in the currency of its company."""
        return SQL("sum(%s / COALESCE(NULLIF(sold.currency_rate, 0), 1))", column)
