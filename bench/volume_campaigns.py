"""Campaigns, a tenth of the customers in each, and what they were sent."""

from bulk import Clone

NEEDS = 'crm.campaign.member'
FIRST = {'first_campaign': 'utm_campaign', 'first_member': 'crm_campaign_member',
         'first_touch': 'crm_campaign_touch'}
LOTS = [
    """
    CREATE TABLE bench.campaign AS
    SELECT k, %(first_campaign)s + k AS id,
           to_timestamp(%(today)s)::timestamp::date - 280 * (6 - k) - 40
               AS day
    FROM generate_series(1, 6) AS k
    """,
    # Who ordered within 30 days has bought; the control group was never reached.
    """
    CREATE TABLE bench.member AS
    SELECT *, %(first_member)s + row_number() OVER (ORDER BY k, c)::int AS id,
           CASE WHEN control THEN 'control' WHEN order_id IS NOT NULL THEN 'bought'
                WHEN draw < 0.08 THEN 'responded' WHEN draw < 0.13 THEN 'declined'
                ELSE 'contacted' END AS state
    FROM (
        SELECT campaign.k, campaign.id AS campaign_id, day, customer.c, customer.id AS partner_id,
               bench.lot(customer.c * 10 + campaign.k, 61) < 0.1 AS control,
               bench.lot(customer.c * 10 + campaign.k, 62) AS draw,
               1 + floor(4 * bench.lot(customer.c, 63))::int AS stratum, bought.id AS order_id,
               bought.date_order
        FROM bench.campaign
        JOIN bench.customer ON bench.lot(customer.c * 10 + campaign.k, 60) < 0.1
        LEFT JOIN (
            SELECT DISTINCT ON (k, c) k, c, lot.id, lot.date_order
            FROM bench.lot JOIN bench.campaign
            ON lot.date_order >= day + 1 AND lot.date_order < day + 31
            WHERE lot.state = 'sale' ORDER BY k, c, lot.date_order, lot.id
        ) AS bought ON bought.k = campaign.k AND bought.c = customer.c
            AND bench.lot(customer.c * 10 + campaign.k, 61) >= 0.1
    ) AS drawn
    """,
    """
    CREATE TABLE bench.touch AS
    SELECT %(first_touch)s + row_number() OVER (ORDER BY member.id, i)::int AS id,
           member.id AS member_id, campaign_id, partner_id, i,
           day + interval '10 hours' + interval '7 days' * (i - 1) AS date
    FROM bench.member
    CROSS JOIN LATERAL generate_series(1, CASE WHEN bench.lot(c * 10 + k, 64) < 0.2 THEN 2 ELSE 1
                                              END) AS i
    WHERE NOT control
    """,
]
TABLES = {
    'utm_campaign': [Clone('utm_campaign', 'campaign', "bench.campaign", {
        'id': "campaign.id", 'name': "'Measured ' || k", 'date_start': "day",
        'date_end': "day + 30",
        'title': "jsonb_build_object('en_US', 'Measured ' || k)", 'state': "'done'",
        'create_date': "day", 'write_date': "day"})],
    'crm_campaign_member': [Clone('crm_campaign_member', 'member', "bench.member", {
        'id': "member.id", 'campaign_id': "member.campaign_id", 'partner_id': "member.partner_id",
        'state': "member.state", 'stratum': "member.stratum",
        'contacted_at': "CASE WHEN NOT control THEN day + interval '10 hours' END",
        'responded_at': "CASE member.state WHEN 'bought' THEN date_order"
                        " WHEN 'responded' THEN day + interval '3 days' END",
        'create_date': "day", 'write_date': "day"})],
    'crm_campaign_touch': [Clone('crm_campaign_touch', 'touch', "bench.touch", {
        'id': "touch.id", 'partner_id': "touch.partner_id", 'campaign_id': "touch.campaign_id",
        'member_id': "touch.member_id", 'date': "touch.date",
        'channel': "CASE i WHEN 1 THEN 'letter' ELSE 'mail' END", 'create_date': "touch.date",
        'write_date': "touch.date"})],
}
COMPUTED = {'crm.campaign.member': ['company_id', 'call_state', 'call_count', 'last_call_id']}


def patterns(env, order):
    """Let Odoo make a campaign with a member that got a letter, and return them."""
    campaign = env['utm.campaign'].create({'name': "Pattern", 'title': "Pattern"})
    member = env['crm.campaign.member'].create({
        'campaign_id': campaign.id, 'partner_id': order.partner_id.id})
    touch = env['crm.campaign.touch'].create({
        'name': "Letter", 'partner_id': order.partner_id.id, 'campaign_id': campaign.id,
        'member_id': member.id, 'channel': 'letter'})
    return {'campaign': campaign, 'member': member, 'touch': touch}
