from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.crm_roles.turn import one_at_a_time

from ..uplift_tree import FEWEST_IN_ALL, NEVER, Customer, groups, is_enough
from .crm_campaign_step import PLANNERS

FOUND_IN = ('running', 'done')


class UtmCampaign(models.Model):
    """Which customers it paid to contact, and which to leave alone."""

    _inherit = 'utm.campaign'

    group_ids = fields.One2many(
        'crm.campaign.group', 'campaign_id', "Customer Groups", groups=PLANNERS, readonly=True)
    group_text = fields.Text(
        "Why No Groups", readonly=True, copy=False, groups=PLANNERS,
        help="What was said when groups were looked for last and none were found.")

    @one_at_a_time
    def action_find_groups(self):
        """Find groups of customers that differ in what contacting them brought.

        What was found before is replaced. Half of the customers decide what the groups are, the
        other half what is said of them.

        :raise AccessError: when the user plans no campaigns
        :raise UserError: when nobody was left alone, or the campaign has not started
        """
        self.ensure_one()
        self._check_may_find_groups()
        customers = self._compared_customers()
        enough = is_enough(customers)
        found = groups(customers) if enough else []
        # sudo: crm.campaign.group - nobody writes by hand what was found
        lines_sudo = self.env['crm.campaign.group'].sudo()
        lines_sudo.search([('campaign_id', '=', self.id)]).unlink()
        lines_sudo.create(lines_sudo._values_of(self, customers, found))
        self.group_text = '' if found else self._no_groups_text(enough)

    def _check_may_find_groups(self):
        self.check_access('write')
        if not self.env.user.has_groups(PLANNERS):
            raise AccessError(self.env._(
                "Groups of customers are found by marketing managers and sales managers."))
        if self.state not in FOUND_IN or not self.date_start:
            raise UserError(self.env._(
                "%(campaign)s has not started: nothing is known yet of whom it pays to contact.",
                campaign=self.title))
        if not self.control_count:
            raise UserError(self.env._(
                "%(campaign)s left nobody alone: without a control group nobody knows what would "
                "have been bought anyway.", campaign=self.title))

    def _no_groups_text(self, enough):
        if not enough:
            return self.env._(
                "Too few customers to find groups: it takes %(fewest)s members and as many in the "
                "control group.", fewest=FEWEST_IN_ALL)
        return self.env._(
            "No groups differ by more than chance: what was known of the customers at the start "
            "does not tell whom it pays to contact.")

    def _compared_customers(self):
        """Return what the members and the control group bought, and what was known of them.

        :return: each with the facts of `crm.campaign.group`, as they were when the campaign started
        :rtype: list[Customer]
        """
        return [
            Customer(number, alone, float(bought), tuple(
                NEVER if fact is None else float(fact) if fact % 1 else int(fact)
                for fact in facts))
            for number, alone, bought, *facts in self._compared_customer_rows()]

    def _compared_customer_rows(self):
        self.ensure_one()
        self.env.flush_all()
        year = SQL(
            "NOT %(since_start)s AND sold.date_order >= %(start)s::date - interval '12 months'",
            since_start=self._since_start(), start=self.date_start)
        return self.env.execute_query(SQL(
            """
            SELECT member.partner_id, member.state = 'control',
                   COALESCE(known.bought, 0), %(start)s::date - known.last_order::date,
                   %(start)s::date - known.first_order::date, known.orders,
                   COALESCE(known.sales, 0), (
                       SELECT count(*) FROM crm_campaign_touch touch
                       JOIN res_partner partner ON partner.id = touch.partner_id
                       WHERE partner.commercial_partner_id = member.partner_id
                         AND touch.state = 'done' AND touch.date < %(start)s
                         AND touch.date >= %(start)s::date - interval '12 months')
            FROM crm_campaign_member member
            CROSS JOIN LATERAL (
                SELECT %(amount)s FILTER (WHERE %(since_start)s),
                       max(sold.date_order) FILTER (WHERE NOT %(since_start)s),
                       min(sold.date_order) FILTER (WHERE NOT %(since_start)s),
                       count(*) FILTER (WHERE %(year)s), %(amount)s FILTER (WHERE %(year)s)
                FROM sale_order sold
                JOIN res_partner partner ON partner.id = sold.partner_id
                WHERE partner.commercial_partner_id = member.partner_id AND %(counts)s
            ) AS known(bought, last_order, first_order, orders, sales)
            WHERE member.campaign_id = %(campaign)s
            """,
            start=self.date_start, campaign=self.id, year=year, counts=self._counts(),
            amount=self._sum_of(SQL("sold.amount_untaxed")), since_start=self._since_start()))
