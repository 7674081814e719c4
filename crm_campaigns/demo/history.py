"""Two campaigns of the demo company: one that was ended in the summer, and one that runs."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..models.crm_campaign_member_decline import DECLINE_REASONS
from . import portal_offer

# Every so many members answered, and said no.
ANSWERED, DECLINED = 3, 7


def load(env):
    """Make the audiences and campaigns.

    :param env: the environment of a database with the demo company
    """
    marketing = env.ref('crm_roles.user_marketing')
    env = env(user=marketing, context={**env.context, 'tracking_disable': True})
    _ended(env)
    _running(env)
    portal_offer.load(env)


def _ended(env):
    """Make a campaign over everybody who ever ordered, ended two months ago."""
    audience = _audience(env, 'audience_buyers', "Bought something before", [
        {'source': 'order', 'measure': 'count', 'operator': '>=', 'value': 1}])
    campaign = _campaign(env, 'campaign_summer', {
        'title': "Summer sale of machines",
        'audience_id': audience.id,
        'goal': "Sell the machines of last year's line before the new one comes.",
        'control_percent': 45,
        'budget': 2500,
        'expected_sales': 20000,
        'expected_response': 20,
        'window_days': 45,
        'step_ids': [
            Command.create({'name': "Letter with the price list", 'channel': 'letter',
                            'unit_cost': 1.4}),
            Command.create({'name': "Call", 'channel': 'call', 'after_days': 7,
                            'condition': 'no_answer', 'unit_cost': 3.0}),
        ],
        'cost_ids': [
            Command.create({'name': "Printing", 'kind': 'planned', 'amount': 600}),
            Command.create({'name': "Printing", 'kind': 'spent', 'amount': 640}),
            Command.create({'name': "Photographs", 'kind': 'planned', 'amount': 300}),
            Command.create({'name': "Photographs", 'kind': 'spent', 'amount': 280}),
        ],
    })
    campaign.action_start()
    start = fields.Date.today() - timedelta(days=110)
    campaign.date_start = start
    campaign.cost_ids.date = start
    _reach(env, campaign, start, campaign.step_ids)
    campaign.action_done()
    campaign.date_end = start + timedelta(days=45)


def _running(env):
    """Make a campaign to win customers back, begun twelve days ago."""
    audience = _audience(env, 'audience_silent', "Good customers, silent for a quarter", [
        {'measure': 'last_date', 'operator': '<', 'days': 90},
        {'measure': 'amount', 'operator': '>=', 'value': 500, 'period': 'last',
         'period_count': 24},
        {'is_group': True, 'match': 'none'},
        {'source': 'request', 'measure': 'count', 'operator': '>=', 'value': 1, 'period': 'last',
         'period_count': 1},
    ])
    campaign = _campaign(env, 'campaign_back', {
        'title': "Come back in autumn",
        'audience_id': audience.id,
        'goal': "Win back one in four of those who have not bought for a quarter.",
        'control_percent': 20,
        'budget': 800,
        'expected_sales': 6000,
        'expected_response': 25,
        'step_ids': [
            Command.create({'name': "Handwritten letter", 'channel': 'letter', 'unit_cost': 2.5}),
            Command.create({'name': "Call", 'channel': 'call', 'after_days': 21,
                            'condition': 'no_answer', 'unit_cost': 3.0}),
            Command.create({
                'name': "Invitation to the sharpening day", 'channel': 'letter', 'unit_cost': 1.4,
                'after_days': 15,
                'letter_template_id': env.ref('crm_campaigns.crm_letter_template_workshop').id}),
        ],
        'cost_ids': [Command.create({'name': "Paper", 'kind': 'planned', 'amount': 120})],
    })
    campaign.action_start()
    campaign.date_start = fields.Date.today() - timedelta(days=12)
    _reach(env, campaign, campaign.date_start, campaign.step_ids[:1])


def _reach(env, campaign, start, steps):
    """Write down who was reached by the steps, who answered, and who declined."""
    steps.write({'state': 'done', 'date_done': start})
    members = campaign.member_ids.filtered(lambda member: member.state != 'control')
    for place, member in enumerate(members.sorted('partner_id')):
        contacted = fields.Datetime.to_datetime(start) + timedelta(hours=9, minutes=place)
        member.write({'state': 'contacted', 'contacted_at': contacted})
        answered = place % ANSWERED == 0
        for step in steps[:1 if answered else None]:
            env['crm.campaign.touch'].create({
                'name': step.name, 'partner_id': member.partner_id.id, 'member_id': member.id,
                'campaign_id': campaign.id, 'step_id': step.id, 'channel': step.channel,
                'date': contacted + timedelta(days=step.after_days)})
        if answered:
            member.write({'state': 'responded', 'responded_at': contacted + timedelta(days=4)})
        elif place % DECLINED == 1:
            member.write({
                'state': 'declined', 'responded_at': contacted + timedelta(days=9),
                'decline_reason': DECLINE_REASONS[place % len(DECLINE_REASONS)][0]})


def _audience(env, xmlid, name, criteria):
    audience = env['crm.audience'].create({
        'name': name,
        'criterion_ids': [
            Command.create({'sequence': place, **criterion})
            for place, criterion in enumerate(criteria)]})
    return _named(env, xmlid, audience)


def _campaign(env, xmlid, values):
    return _named(env, xmlid, env['utm.campaign'].create(values))


def _named(env, xmlid, record):
    # sudo: ir.model.data - so that it is made once
    env['ir.model.data'].sudo()._update_xmlids(
        [{'xml_id': f'crm_campaigns.{xmlid}', 'record': record, 'noupdate': True}])
    return record
