import json
from itertools import accumulate

from odoo import api, fields, models
from odoo.tools import format_date

from .crm_campaign_step import PLANNERS


class UtmCampaign(models.Model):
    """What the board of campaigns shows: how far each came, and how its sales grew."""

    _inherit = 'utm.campaign'

    state = fields.Selection(group_expand='_group_expand_states')
    addressed_count = fields.Integer(
        "To Be Contacted", compute='_compute_addressed_count',
        help="Members who are not in the control group.")
    sales_chart = fields.Text(
        compute='_compute_sales_chart', groups=PLANNERS,
        help="Sales brought from the first day to each of the days with an order.")

    @api.model
    def _group_expand_states(self, states, domain):
        return [state for state, label in self._fields['state'].selection if state != 'cancelled']

    @api.depends('member_count', 'control_count')
    def _compute_addressed_count(self):
        for campaign in self:
            campaign.addressed_count = campaign.member_count - campaign.control_count

    @api.depends_context('lang')
    def _compute_sales_chart(self):
        days = {}
        for campaign, day, amount in self.env['crm.campaign.sale']._read_group(
                [('campaign_id', 'in', self.ids)], ['campaign_id', 'date:day'], ['amount:sum'],
                order='date:day'):
            days.setdefault(campaign.id, []).append((day, amount))
        for campaign in self:
            campaign.sales_chart = json.dumps(campaign._sales_line(days.get(campaign.id, [])))

    def _sales_line(self, days):
        """Return the line of the board's chart from sales by day, in the order of the days."""
        sums = accumulate(amount for day, amount in days)
        points = [
            {'x': format_date(self.env, day), 'y': round(total, 2)}
            for (day, amount), total in zip(days, sums, strict=True)]
        if points and self.date_start and self.date_start < days[0][0].date():
            points.insert(0, {'x': format_date(self.env, self.date_start), 'y': 0})
        return [{'key': self.env._("Sales so far"), 'values': points}]
