from odoo import api, fields, models
from odoo.tools import SQL


class CrmCampaignSale(models.Model):
    """Which order came of which campaign; each order of one at most.

    A campaign takes an order by its own rule: the code on the order, the campaign on the order, or
    that a member who was contacted ordered in time. A code is surer than the campaign on the order,
    and that is surer than the time; of several contacts the last before the order counts.
    """

    _name = 'crm.campaign.sale'
    _description = "Sale of a Campaign"
    _auto = False
    _order = 'date DESC, id DESC'
    _rec_name = 'order_id'
    _depends = {
        'sale.order': [
            'state', 'partner_id', 'date_order', 'amount_untaxed', 'margin', 'currency_rate',
            'campaign_id', 'campaign_code', 'company_id'],
        'utm.campaign': ['state', 'attribution', 'window_days', 'code', 'date_start'],
        'crm.campaign.member': ['campaign_id', 'partner_id', 'state', 'contacted_at', 'stratum'],
        'crm.campaign.touch': ['member_id', 'date', 'channel', 'state'],
        'res.partner': ['commercial_partner_id'],
    }

    order_id = fields.Many2one('sale.order', readonly=True)
    campaign_id = fields.Many2one('utm.campaign', readonly=True)
    member_id = fields.Many2one('crm.campaign.member', readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Datetime("Order Date", readonly=True)
    channel = fields.Selection(
        lambda self: self.env['crm.campaign.touch']._fields['channel']._description_selection(
            self.env),
        "Last Channel", readonly=True,
        help="Through which the customer was last reached before he ordered.")
    stratum = fields.Integer(readonly=True, aggregator=None)
    amount = fields.Monetary("Sales", readonly=True)
    margin = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin_all')

    @property
    def _table_query(self):
        return SQL(
            """
            WITH taken AS (
                SELECT DISTINCT ON (claim.order_id) claim.*
                FROM (%(claims)s) AS claim
                ORDER BY claim.order_id, claim.place, claim.since DESC, claim.campaign_id
            )
            SELECT sold.id, sold.id AS order_id, taken.campaign_id, member.id AS member_id,
                   partner.commercial_partner_id AS partner_id, sold.company_id,
                   sold.date_order AS date, touch.channel, member.stratum,
                   sold.amount_untaxed / COALESCE(NULLIF(sold.currency_rate, 0), 1) AS amount,
                   sold.margin / COALESCE(NULLIF(sold.currency_rate, 0), 1) AS margin
                   %(more)s
            FROM taken
            JOIN sale_order sold ON sold.id = taken.order_id
            JOIN res_partner partner ON partner.id = sold.partner_id
            LEFT JOIN crm_campaign_member member ON member.campaign_id = taken.campaign_id
                AND member.partner_id = partner.commercial_partner_id
            LEFT JOIN LATERAL (
                SELECT reached.channel FROM crm_campaign_touch reached
                WHERE reached.member_id = member.id AND reached.state = 'done'
                  AND reached.date <= sold.date_order
                ORDER BY reached.date DESC, reached.id DESC LIMIT 1
            ) AS touch ON TRUE
            """,
            claims=SQL(" UNION ALL ").join(self._all_claims()), more=self._more_columns())

    @api.model
    def _more_columns(self):
        """Return further columns, each after a comma, over `sold` and `taken`; to add to.

        :rtype: SQL
        """
        return SQL()

    @api.model
    def _all_claims(self):
        """Return which campaigns claim which orders, the surest first; for addons to add to.

        :return: queries with the columns `order_id`, `campaign_id`, `place` and `since`
        :rtype: list[SQL]
        """
        return [
            self._claims(1, 'code', SQL("sold.campaign_code = campaign.code")),
            self._claims(2, 'utm', SQL("sold.campaign_id = campaign.id")),
            self._window_claims()]

    def _claims(self, place, rule, condition):
        return SQL(
            """
            SELECT sold.id AS order_id, campaign.id AS campaign_id, %(place)s AS place,
                   campaign.date_start::timestamp AS since
            FROM utm_campaign campaign JOIN sale_order sold ON %(condition)s
            WHERE campaign.attribution = %(rule)s AND campaign.state IN ('running', 'done')
              AND sold.state = 'sale' AND sold.date_order >= campaign.date_start
            """, place=place, rule=rule, condition=condition)

    def _window_claims(self):
        return SQL(
            """
            SELECT sold.id, campaign.id, 3, member.contacted_at
            FROM utm_campaign campaign
            JOIN crm_campaign_member member ON member.campaign_id = campaign.id
            JOIN res_partner partner ON partner.commercial_partner_id = member.partner_id
            JOIN sale_order sold ON sold.partner_id = partner.id
            WHERE campaign.attribution = 'window' AND campaign.state IN ('running', 'done')
              AND member.state != 'control' AND sold.state = 'sale'
              AND sold.date_order >= member.contacted_at
              AND sold.date_order < member.contacted_at + campaign.window_days * interval '1 day'
            """)
