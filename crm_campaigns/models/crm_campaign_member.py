from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_audience_criterion import MEMBER_STATES

TRANSITIONS = {
    'planned': {'contacted', 'responded', 'bought', 'declined'},
    'contacted': {'responded', 'bought', 'declined'},
    'responded': {'bought', 'declined'},
    'declined': {'responded', 'bought'},
    'bought': set(),
    'control': set(),
}
# The customers of an audience stand in so many groups of equal size, by what they bought of late.
STRATA = 4
STRATA_MONTHS = 12


class CrmCampaignMember(models.Model):
    """One customer in a campaign, and how far it has come with him."""

    _name = 'crm.campaign.member'
    _description = "Campaign Member"
    _order = 'campaign_id, id'
    _rec_name = 'partner_id'

    campaign_id = fields.Many2one('utm.campaign', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='campaign_id.company_id', store=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one(related='partner_id.user_id', string="Salesperson")
    state = fields.Selection(
        MEMBER_STATES, "Status", default='planned', required=True, index=True,
        group_expand=True)
    stratum = fields.Integer(
        readonly=True,
        help="From 1, who bought most in the year before, to 4: members and control group are "
             "alike in it.")
    contacted_at = fields.Datetime("Contacted on", readonly=True)
    responded_at = fields.Datetime("Answered on", readonly=True)
    touch_ids = fields.One2many('crm.campaign.touch', 'member_id', "Touches")

    _customer_uniq = models.UniqueIndex(
        "(campaign_id, partner_id)", "A customer is only once in a campaign.")

    @api.model
    def _freeze(self, campaign, customers=None):
        """Make members of who is in the audience of a campaign now, some of them for control.

        The control group is taken evenly from all strata, by chance; who is a member already
        stays what he is.

        :param utm.campaign campaign: with an audience
        :param res.partner customers: commercial entities to make members of instead of those in
            the audience
        :return: how many members the campaign has then
        :rtype: int
        :raise AccessError: when the user may not make members
        """
        self.check_access('create')
        query = (
            campaign.audience_id._query() if customers is None
            else customers._as_query(ordered=False))
        since = fields.Date.context_today(self) - relativedelta(months=STRATA_MONTHS)
        self.env.cr.execute(SQL(
            """
            WITH chosen AS (%(query)s),
            worth AS (
                SELECT chosen.id, sum(fact.amount) AS amount
                FROM chosen LEFT JOIN crm_sales_fact fact
                ON fact.partner_id = chosen.id AND fact.date > %(since)s
                GROUP BY chosen.id
            ),
            strata AS (
                SELECT id, ntile(%(strata)s) OVER (ORDER BY amount DESC NULLS LAST, id) AS stratum
                FROM worth
            ),
            drawn AS (
                SELECT id, stratum, row_number() OVER (ORDER BY stratum, random()) + (
                    SELECT count(*) FROM crm_campaign_member WHERE campaign_id = %(campaign)s
                ) AS place
                FROM strata
            )
            INSERT INTO crm_campaign_member (
                campaign_id, company_id, partner_id, stratum, state,
                create_uid, create_date, write_uid, write_date)
            SELECT %(campaign)s, %(company)s, id, stratum,
                   CASE WHEN floor(place * %(share)s) > floor((place - 1) * %(share)s)
                   THEN 'control' ELSE 'planned' END,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM drawn
            ON CONFLICT (campaign_id, partner_id) DO NOTHING
            """,
            query=query.select(SQL.identifier(query.table, 'id')), since=since, strata=STRATA,
            campaign=campaign.id, company=campaign.company_id.id or None,
            share=campaign.control_percent / 100, uid=self.env.uid, now=self.env.cr.now()))
        self.invalidate_model()
        campaign.invalidate_recordset(['member_ids', 'member_count', 'control_count'])
        return self.search_count([('campaign_id', '=', campaign.id)])

    def write(self, vals):
        if 'state' in vals:
            for member in self:
                if vals['state'] not in TRANSITIONS[member.state] | {member.state}:
                    raise UserError(self.env._(
                        "%(customer)s cannot become %(state)s in %(campaign)s.",
                        customer=member.partner_id.display_name, campaign=member.campaign_id.title,
                        state=dict(MEMBER_STATES)[vals['state']].lower()))
        return super().write(vals)
