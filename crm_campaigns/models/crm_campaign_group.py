from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_amount

from ..uplift_tree import NEVER
from .crm_audience_criterion import DATES

YEAR = {'period': 'last', 'period_count': 12, 'period_unit': 'months'}
# What is known of a customer at the start, in this order, and the criterion that asks for it.
FACTS = {
    'last_order': {'source': 'order', 'measure': 'last_date'},
    'first_order': {'source': 'order', 'measure': 'first_date'},
    'orders': {'source': 'order', 'measure': 'count', **YEAR},
    'sales': {'source': 'order', 'measure': 'amount', **YEAR},
    'touches': {'source': 'touch', 'measure': 'count', **YEAR},
}
EVER_ORDERED = {'source': 'order', 'measure': 'count', 'value': 1}
# What a limit asks of a date so many days ago, and of any other number.
OF_DAYS = {
    'from': {'operator': '<='},
    'from_or_never': {'operator': '>', 'negate': True},
    'below': {'operator': '>'},
}
OF_NUMBERS = {'from': {'operator': '>='}, 'below': {'operator': '<'}}


class CrmCampaignGroup(models.Model):
    """Customers of a campaign who are alike, and what contacting them brought."""

    _name = 'crm.campaign.group'
    _description = "Customer Group of a Campaign"
    _order = 'campaign_id, sequence, id'
    _rec_name = 'sentence'

    sequence = fields.Integer(default=10)
    campaign_id = fields.Many2one('utm.campaign', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='campaign_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date("Found on", default=fields.Date.context_today, required=True)
    limits = fields.Json(
        help="What the customers have in common: for each condition the fact, how it is compared, "
             "and with what.")
    sentence = fields.Text("Customers", compute='_compute_sentence')
    customer_count = fields.Integer("How Many")
    uplift = fields.Monetary(
        "Uplift per Customer", aggregator=None,
        help="How much more a customer bought for being contacted.")
    low = fields.Monetary("From", aggregator=None)
    high = fields.Monetary("To", aggregator=None)
    interval = fields.Char(
        "Between", compute='_compute_interval',
        help="Holds the truth in 95 of 100 cases.")
    bought_anyway = fields.Float(
        "Bought Anyway (%)", digits=(5, 1), aggregator=None,
        help="So many of those who were left alone bought all the same.")
    verdict = fields.Selection(
        [
            ('persuadable', "Worth It"),
            ('leave', "Leave Alone"),
            ('sure', "Buy Anyway"),
            ('lost', "Buy Neither Way"),
        ], required=True, default='lost',
        help="Worth It: they buy more when contacted. Leave Alone: they buy less. Buy Anyway, Buy "
             "Neither Way: no difference that could not be chance, and at least half of those "
             "left alone bought, or fewer.")

    @api.depends('low', 'high', 'currency_id')
    @api.depends_context('lang')
    def _compute_interval(self):
        for group in self:
            low, high = (
                format_amount(self.env, amount, group.currency_id or self.env.company.currency_id)
                for amount in (group.low, group.high))
            group.interval = self.env._("%(low)s to %(high)s", low=low, high=high)

    @api.model
    def _values_of(self, campaign, customers, found):
        """Return the values of the groups of a campaign.

        :param utm.campaign campaign: whose members the customers are
        :param list[Customer] customers: among whom the groups were found
        :param list[Group] found: the best first
        :rtype: list[dict]
        """
        some_never = any(NEVER in customer.facts for customer in customers)
        currency = campaign.currency_id or self.env.company.currency_id
        return [
            {
                'sequence': place,
                'campaign_id': campaign.id,
                'limits': [limit for bounds in group.path for limit in _limits(bounds, some_never)],
                'customer_count': group.count,
                **{name: currency.round(getattr(group, name))
                   for name in ('uplift', 'low', 'high')},
                'bought_anyway': 100 * group.bought_anyway,
                'verdict': group.verdict,
            }
            for place, group in enumerate(found, 1)]

    def action_make_audience(self):
        """Make an audience of such customers, for the next campaign.

        :return: the audience, opened
        :rtype: dict
        :raise AccessError: when the user may not make audiences
        """
        self.ensure_one()
        audience = self.env['crm.audience'].create({
            'name': self.env._(
                "%(verdict)s: %(customers)s", verdict=self._verdict_label(),
                customers=self.sentence),
            'company_id': (self.company_id or self.env.company).id,
            'note': self.env._("Found in %(campaign)s.", campaign=self.campaign_id.title),
            'criterion_ids': [
                Command.create({'sequence': place, **criterion})
                for place, criterion in enumerate(self._criteria(), 1)],
        })
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'crm.audience',
            'res_id': audience.id,
            'view_mode': 'form',
        }

    def _criteria(self):
        """Return the criteria of audiences that find such customers now.

        :return: values of `crm.audience.criterion`
        :rtype: list[dict]
        """
        return [_criterion(*limit) for limit in self.limits or []]

    def _verdict_label(self):
        return dict(self._fields['verdict']._description_selection(self.env))[self.verdict]


def _limits(bounds, some_never):
    """Return the conditions that bounds of a fact are.

    :param Bounds bounds: of one fact
    :param bool some_never: whether some of the customers never ordered
    :return: for each condition the fact, how it is compared, and with what
    :rtype: list[list]
    """
    fact = list(FACTS)[bounds.fact]
    if NEVER in (bounds.low, bounds.high) and bounds.low in (None, NEVER):
        return [[fact, 'ever' if bounds.low is None else 'never', 0]]
    limits = []
    if bounds.low is not None:
        open_end = FACTS[fact]['measure'] in DATES and some_never and bounds.high is None
        limits.append([fact, 'from_or_never' if open_end else 'from', bounds.low])
    if bounds.high not in (None, NEVER):
        limits.append([fact, 'below', bounds.high])
    return limits


def _criterion(fact, comparison, value):
    """Return the criterion of an audience that a condition is."""
    if comparison in ('ever', 'never'):
        return {**EVER_ORDERED, 'operator': '>=' if comparison == 'ever' else '<'}
    if FACTS[fact]['measure'] in DATES:
        return {**FACTS[fact], **OF_DAYS[comparison], 'days': value}
    return {**FACTS[fact], **OF_NUMBERS[comparison], 'value': value}
