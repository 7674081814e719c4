from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmPortalOffer(models.Model):
    """What a customer finds under his offers: those of campaigns, and those made to him alone."""

    _name = 'crm.portal.offer'
    _description = "Offer in the Portal"
    _auto = False
    _order = 'date_end, id'
    _depends = {
        'crm.offer': [
            'rule_id', 'partner_id', 'company_id', 'date', 'date_end', 'discount', 'state'],
        'crm.offer.rule': ['name', 'in_portal'],
        'crm.campaign.offer': ['name', 'active', 'company_id', 'date_end'],
        'crm.campaign.step': ['offer_id'],
        'crm.campaign.touch': ['step_id', 'partner_id', 'company_id', 'date', 'state'],
        'crm.campaign.member': ['partner_id', 'state'],
        'crm.request': ['offer_id', 'campaign_member_id'],
    }

    name = fields.Char("Offer", readonly=True)
    commercial_partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date = fields.Date("Offered on", readonly=True)
    date_end = fields.Date("Valid until", readonly=True)
    discount = fields.Float("Discount (%)", digits='Discount', readonly=True)
    state = fields.Selection(
        [
            ('open', "Open"),
            ('asked', "Asked For"),
            ('accepted', "Accepted"),
            ('bought', "Bought"),
            ('declined', "Declined"),
            ('over', "Over"),
        ], "Status", readonly=True)
    offer_id = fields.Many2one('crm.offer', "Personal Offer", readonly=True)
    campaign_offer_id = fields.Many2one(
        'crm.campaign.offer', "Offer of a Campaign", readonly=True)

    @property
    def _table_query(self):
        values = {
            'today': fields.Date.context_today(self), 'lang': self.env.lang or 'en_US'}
        return SQL("%s UNION ALL %s", self._personal_offers(values), self._campaign_offers(values))

    def _personal_offers(self, values):
        return SQL(
            """
            SELECT offer.id * 2 AS id, COALESCE(rule.name ->> %(lang)s, rule.name ->> 'en_US')
                   AS name, offer.partner_id AS commercial_partner_id, offer.company_id, offer.date,
                   offer.date_end, offer.discount::numeric, CASE
                       WHEN offer.state IN ('accepted', 'declined') THEN offer.state
                       WHEN offer.state = 'won' THEN 'bought'
                       WHEN offer.state = 'expired' OR offer.date_end < %(today)s THEN 'over'
                       ELSE 'open' END AS state,
                   offer.id AS offer_id, NULL::integer AS campaign_offer_id
            FROM crm_offer offer JOIN crm_offer_rule rule ON rule.id = offer.rule_id
            WHERE rule.in_portal
            """, **values)

    def _campaign_offers(self, values):
        # However many steps have offered it: it is on his list once.
        return SQL(
            """
            SELECT made.id * 2 + 1, COALESCE(offered.name ->> %(lang)s, offered.name ->> 'en_US'),
                   made.partner_id, COALESCE(offered.company_id, made.company_id), made.date::date,
                   offered.date_end, 0, CASE
                       WHEN EXISTS (
                           SELECT FROM crm_campaign_member member
                           JOIN crm_request asked ON asked.campaign_member_id = member.id
                           WHERE member.partner_id = made.partner_id
                             AND asked.offer_id = offered.id) THEN 'asked'
                       WHEN offered.date_end < %(today)s THEN 'over'
                       WHEN made.declined THEN 'declined'
                       ELSE 'open' END,
                   NULL::integer, offered.id
            FROM (
                SELECT DISTINCT ON (touch.partner_id, step.offer_id)
                       touch.id, touch.partner_id, touch.company_id, touch.date, step.offer_id,
                       member.state = 'declined' AS declined
                FROM crm_campaign_touch touch
                JOIN crm_campaign_step step ON step.id = touch.step_id
                LEFT JOIN crm_campaign_member member ON member.id = touch.member_id
                WHERE touch.state = 'done' AND step.offer_id IS NOT NULL
                ORDER BY touch.partner_id, step.offer_id, touch.id
            ) AS made
            JOIN crm_campaign_offer offered ON offered.id = made.offer_id AND offered.active
            """, **values)

    @api.model
    def _portal_columns(self):
        """Return the fields of the list, to be read in one statement together with the search.

        :rtype: list[str]
        """
        return [
            'name', 'commercial_partner_id', 'date', 'date_end', 'discount', 'state', 'offer_id',
            'campaign_offer_id']

    @api.model
    def _open_domain(self):
        """Return the domain of the offers that wait for an answer of the customer.

        :rtype: Domain
        """
        return Domain('state', '=', 'open')

    def _evidence(self):
        """Return why it is offered to the customer; nothing when a campaign offers it.

        :rtype: str
        """
        # sudo: crm.offer - the reason as it is told to the customer
        offer_sudo = self.sudo().offer_id
        return offer_sudo._portal_evidence() if offer_sudo else ''

    def _accept(self, partner):
        """Take what is offered: of a campaign a request comes of it, else a quotation.

        :param res.partner partner: who takes it
        :return: the request or the quotation, none when the offer is over
        :rtype: crm.request | sale.order
        """
        # sudo: crm.offer, crm.campaign.offer - it is offered to him
        self_sudo = self.sudo()
        if self_sudo.offer_id:
            return self_sudo.offer_id._take_in_portal(partner)
        return self_sudo.campaign_offer_id._ask(partner, self_sudo.commercial_partner_id)

    def _decline(self, reason):
        """Note that the customer does not want it.

        :param str reason: why, one of `DECLINE_REASONS`, or nothing
        :return: whether it was still open
        :rtype: bool
        """
        # sudo: crm.offer, crm.campaign.offer - it is offered to him
        self_sudo = self.sudo()
        if self_sudo.offer_id:
            return self_sudo.offer_id._decline_in_portal(reason)
        return self_sudo.campaign_offer_id._refuse(self_sudo.commercial_partner_id, reason)
