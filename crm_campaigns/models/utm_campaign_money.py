from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from odoo.addons.crm_roles.uncompiled import uncompiled

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
    margin = fields.Monetary("Margin Brought", compute='_compute_sales', groups=MARGIN)
    profit = fields.Monetary(
        compute='_compute_sales', groups=MARGIN, help="Margin brought, less what was spent.")
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

    @api.depends_context('uid')
    def _compute_sales(self):
        # One question for all of them: it takes long to tell which orders came of a campaign.
        sums = self._sums_of_sales()
        asked = {
            name: aggregate for name, aggregate in sums.items()
            if self._has_field_access(self._fields[name], 'read')}
        found = self._sums_of('crm.campaign.sale', list(asked.values()))
        for campaign in self:
            values = dict(zip(asked, found.get(campaign.id, ()), strict=False))
            for name in sums:
                campaign[name] = values.get(name, 0)
            campaign.profit = campaign.margin - campaign.spent if 'margin' in asked else 0.0

    def _sums_of_sales(self):
        """Return of what in its sales each field is the sum; to add to.

        :return: by name of the field, the aggregate over `crm.campaign.sale`
        :rtype: dict[str, str]
        """
        return {
            'order_count': '__count',
            'buyer_count': 'partner_id:count_distinct',
            'sales': 'amount:sum',
            'margin': 'margin:sum',
        }

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

    def _sums_of(self, model, aggregates):
        """Return the sums over the rows of a view, by the id of the campaign."""
        uncompiled(self.env.cr)
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
        measures = {'amount': self.env._("sales")}
        if self.env.user.has_group(MARGIN):
            measures['margin'] = self.env._("margin")
        sentences = [
            self._uplift_sentence(found, measures[measure])
            for measure, found in self._uplifts(measures).items()]
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

    def _uplifts(self, measures):
        """Return how much more the members bought than the control group lets expect.

        What each customer ordered from the start on counts, whatever brought it, for as many days
        as orders count after a contact.

        :param measures: of `amount` and `margin`
        :return: by measure; None where there are too few customers to tell
        :rtype: dict[str, Uplift | None]
        """
        rows = self._compared_rows(measures)
        strata = sorted({stratum for stratum, *rest in rows})
        found = {}
        for place, measure in enumerate(measures):
            arms = {
                (stratum, alone): Arm(count, *map(float, sums[2 * place:2 * place + 2]))
                for stratum, alone, count, *sums in rows}
            found[measure] = uplift([
                (arms.get((stratum, False), Arm()), arms.get((stratum, True), Arm()))
                for stratum in strata])
        return found

    def _compared_rows(self, measures):
        """Return what each arm of each stratum bought.

        :param measures: of `amount` and `margin`
        :return: the stratum, whether it was left alone, how many customers, and for each measure
            the sum and the sum of the squares of what each bought
        :rtype: list[tuple]
        """
        self.ensure_one()
        self.env.flush_all()
        columns = {'amount': SQL("sold.amount_untaxed"), 'margin': SQL("sold.margin")}
        names = {measure: SQL.identifier('bought', measure) for measure in measures}
        return self.env.execute_query(SQL(
            """
            SELECT COALESCE(member.stratum, 0), member.state = 'control', count(*), %(sums)s
            FROM crm_campaign_member member
            LEFT JOIN (
                SELECT partner.commercial_partner_id AS partner_id, %(bought)s
                FROM sale_order sold
                JOIN res_partner partner ON partner.id = sold.partner_id
                WHERE %(counts)s AND %(since_start)s
                GROUP BY 1
            ) AS bought ON bought.partner_id = member.partner_id
            WHERE member.campaign_id = %(campaign)s
            GROUP BY 1, 2
            """,
            sums=SQL(", ").join(
                SQL("COALESCE(sum(%(name)s), 0), COALESCE(sum(%(name)s * %(name)s), 0)", name=name)
                for name in names.values()),
            bought=SQL(", ").join(
                SQL("%s::numeric AS %s", self._sum_of(columns[measure]), SQL.identifier(measure))
                for measure in measures),
            counts=self._counts(), since_start=self._since_start(), campaign=self.id))

    def _counts(self):
        """Return whether an order counts, up to the last day that does, as a condition on `sold`.

        :rtype: SQL
        """
        return SQL(
            "sold.state = 'sale' AND sold.date_order < %s::date + %s",
            self.date_start, self.window_days)

    def _since_start(self):
        """Return whether it was ordered since the start, as a condition on `sold`."""
        return SQL("sold.date_order >= %s", self.date_start)

    def _sum_of(self, column):
        """Return the sum of an amount of `sold`, in the currency of its company."""
        return SQL("sum(%s / COALESCE(NULLIF(sold.currency_rate, 0), 1))", column)
