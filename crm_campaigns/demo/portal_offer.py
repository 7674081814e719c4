"""What a campaign offers to the customers who use the portal of the demo company."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

# So many days ago it was offered.
DAYS = 3


def load(env):
    """Make the offer, and the campaign that makes it.

    :param env: the environment of the marketing manager of the demo company
    """
    today = fields.Date.today()
    offer = env['crm.campaign.offer'].create({
        'name': "Gloves for the whole shop: two boxes for one", 'code': 'GLOVES',
        'date_end': today + timedelta(days=20),
        'body': "<p>Order any box of nitrile gloves, and a second one of the same size comes with "
                "it.</p><ul><li>all sizes</li><li>up to ten boxes for each company</li></ul>"})
    audience = env['crm.audience'].create({
        'name': "Customers who use the portal", 'criterion_ids': [Command.create({
            'source': 'customer',
            'partner_domain': "['|', ('user_ids.share', '=', True),"
                              " ('child_ids.user_ids.share', '=', True)]"})]})
    campaign = env['utm.campaign'].create({
        'title': "Gloves in the portal", 'audience_id': audience.id,
        'goal': "Show customers that there is something for them in the portal.",
        'step_ids': [Command.create(
            {'name': "Two boxes for one", 'channel': 'offer', 'offer_id': offer.id})]})
    campaign.action_start()
    campaign.date_start = today - timedelta(days=DAYS)
    offered = fields.Datetime.to_datetime(campaign.date_start) + timedelta(hours=9)
    campaign.step_ids.write({'state': 'done', 'date_done': offered})
    for member in campaign.member_ids:
        env['crm.campaign.touch'].create({
            'name': offer.name, 'partner_id': member.partner_id.id, 'member_id': member.id,
            'campaign_id': campaign.id, 'step_id': campaign.step_ids.id, 'channel': 'offer',
            'date': offered})
    campaign.member_ids._set_contacted(offered)
