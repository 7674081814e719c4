from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_incentive_rule import MOST_RULES

BATCH = 500
# What a customer has for as long as it is not taken back; it is not given a second time.
LASTING = ['pricelist', 'tag']


class CrmIncentiveRule(models.Model):
    """Who gets an incentive, and who loses it again: a batch at a time, each committed as one."""

    _inherit = 'crm.incentive.rule'

    @api.model
    def _cron_grant_incentives(self):
        """Take back what is not deserved any more and grant what is; scheduled.

        What a batch grants is committed with its grants, so this may be killed at any moment.
        """
        cron = self.env['ir.cron']
        rules = self.search(self._due_domain(), limit=MOST_RULES)
        cron._commit_progress(remaining=len(rules))
        for rule in rules:
            for work in (rule._withdraw_batch, rule._grant_batch):
                while work():
                    if not cron._commit_progress():
                        return
            rule.run_on = fields.Date.context_today(rule)
            if not cron._commit_progress(1):
                return

    def _for_everybody(self):
        """Return the rule as one that sees all customers of its company."""
        self.ensure_one()
        # sudo: crm.incentive.rule - all customers of the company, whoever has it looked for
        return self.sudo().with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids)

    def _candidates_query(self, limit=None):
        """Return the query of the customers who are to get it now.

        :param int limit: so many at most
        :return: of `res.partner`
        :rtype: odoo.tools.query.Query
        """
        rule = self._for_everybody()
        query = rule.audience_id._query()
        start = rule._period_start()
        query.add_where(SQL(
            """
            NOT EXISTS (
                SELECT FROM crm_incentive_grant had
                WHERE had.rule_id = %(rule)s AND had.partner_id = %(partner)s
                  AND (had.period_start IS NOT DISTINCT FROM %(start)s::date
                       OR %(lasting)s AND had.state = 'granted'))
            """,
            rule=rule._origin.id or 0, partner=SQL.identifier(query.table, 'id'), start=start,
            lasting=rule.reward in LASTING))
        query.limit = limit
        return query

    def _grant_batch(self):
        """Grant it to the next customers who are to get it.

        :return: what was granted
        :rtype: crm.incentive.grant
        """
        rule = self._for_everybody()
        rule.lock_for_update()
        customers = rule.env['res.partner'].browse(rule._candidates_query(BATCH))
        evidence = rule._evidence(customers) if customers else {}
        grants = rule.env['crm.incentive.grant'].create([
            rule._prepare_grant_values(customer, evidence[customer.id]) for customer in customers])
        grants._give()
        rule.env.flush_all()
        return grants

    def _prepare_grant_values(self, customer, evidence):
        return {
            'rule_id': self.id,
            'partner_id': customer.id,
            'period_start': self._period_start(),
            'reward': self.reward,
            'pricelist_id': self.reward == 'pricelist' and self.pricelist_id.id,
            'tag_id': self.reward == 'tag' and self.tag_id.id,
            'evidence': evidence,
        }

    def _withdraw_batch(self):
        """Take it back from the next customers who are not in the audience any more.

        :return: what was taken back
        :rtype: crm.incentive.grant
        """
        rule = self._for_everybody()
        if not rule.withdraw:
            return rule.env['crm.incentive.grant']
        rule.lock_for_update()
        query = rule.audience_id._query()
        query.order = None
        grants = rule.env['crm.incentive.grant'].search(
            Domain('rule_id', '=', rule.id) & Domain('state', '=', 'granted')
            & Domain('partner_id', 'not in', query), limit=BATCH)
        grants._withdraw()
        rule.env.flush_all()
        return grants

    def _evidence(self, customers):
        """Return what the criteria of the audience say of customers, in words.

        :param res.partner customers: who are in the audience
        :return: the text by the id of the customer
        :rtype: dict[int, str]
        """
        lines = {customer.id: [] for customer in customers}
        for criterion in self.audience_id.criterion_ids.filtered(lambda row: not row.is_group):
            values = criterion._values_by_customer(customers)
            for customer_id, said in lines.items():
                value = values.get(customer_id)
                said.append(f'{criterion.sentence}: {value}' if value else criterion.sentence)
        return {customer_id: "\n".join(said) for customer_id, said in lines.items()}


class CrmAudienceCriterion(models.Model):
    """What is measured of many customers at once."""

    _inherit = 'crm.audience.criterion'

    def _values_by_customer(self, customers):
        """Return what is measured of customers as a person reads it.

        :param res.partner customers: of whom is asked
        :return: texts by the ids of those of whom something is known
        :rtype: dict[int, str]
        """
        if self.is_yes_or_no:
            return {}
        rows = self.env.execute_query(SQL(
            "SELECT partner_id, value FROM (%s) AS valued WHERE partner_id = ANY(%s)",
            self._values_query(), customers.ids))
        return {customer_id: self._value_in_words(value) for customer_id, value in rows}
