from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date

from .crm_audience_criterion import DATES, PURCHASES
from .crm_audience_criterion_text import MONEY


class CrmAudience(models.Model):
    """Why a customer is in an audience, or is not."""

    _inherit = 'crm.audience'

    def action_explain(self):
        """Ask why somebody is in the audience, or is not."""
        self.ensure_one()
        return self.env['crm.audience.explanation']._open({'default_audience_id': self.id})

    def _explain(self, partner):
        """Return what each criterion says of a customer.

        :param res.partner partner: a contact; asked is about the customer he belongs to
        :return: one dictionary for each criterion with `criterion`, `group` (its number), `match`
            (of the group), `value` (of the customer, in words) and `holds`
        :rtype: list[dict]
        :raise AccessError: when the audience asks for what the user may not see
        """
        self.ensure_one()
        customer = partner.commercial_partner_id
        asked = [(number, match, criterion) for number, (match, criteria) in enumerate(
            self._groups()) for criterion in criteria]
        if not asked:
            return []
        self.env.flush_all()
        with self.criterion_ids._looked_up_once():
            parts = [
                part for _number, _match, criterion in asked
                for part in (criterion._condition(customer.id), *criterion._values_of(customer.id))]
        [row] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(parts)))
        return [
            {'criterion': criterion, 'group': number, 'match': match, 'holds': holds,
             'value': criterion._said(value, usual)}
            for (number, match, criterion), holds, value, usual in zip(
                asked, row[::3], row[1::3], row[2::3], strict=True)]

    def _contains(self, partner):
        """Return which of the audiences a customer is in; not those the user may not evaluate.

        :param res.partner partner: a contact; asked is about the customer he belongs to
        :rtype: crm.audience
        """
        customer = partner.commercial_partner_id
        allowed = self.filtered(lambda audience: not audience._problem())
        if not allowed or not self._is_customer(customer):
            return self.browse()
        self.env.flush_all()
        with self.criterion_ids._looked_up_once():
            conditions = [audience._condition(customer.id) for audience in allowed]
        [row] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(conditions)))
        return self.browse(
            audience.id for audience, holds in zip(allowed, row, strict=True) if holds)

    @api.model
    def _is_customer(self, partner):
        """Return whether a contact is one of those among whom audiences choose."""
        query = self._universe()
        query.add_where(SQL("%s = %s", SQL.identifier(query.table, 'id'), partner.id or 0))
        return bool(query)

    def _problem(self):
        """Return in words why the audience cannot be evaluated now, nothing when it can.

        :rtype: str
        """
        for criterion in self.criterion_ids.filtered(lambda row: not row.is_group):
            if problem := criterion._problem() or criterion._refusal():
                return f'{criterion.sentence}: {problem}'
        return ''


class CrmAudienceCriterion(models.Model):
    """What a criterion says of one customer, and how many it leaves."""

    _inherit = 'crm.audience.criterion'

    customer_count = fields.Integer("Customers It Finds", compute='_compute_customer_count')
    problem = fields.Char("What Is Missing", compute='_compute_customer_count')

    @api.depends(lambda self: [*self._rule_fields(), 'company_id'])
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_customer_count(self):
        self.problem = False
        self.customer_count = 0
        asked = self.filtered(lambda criterion: not criterion.is_group)
        for criterion in asked:
            criterion.problem = criterion._problem() or criterion._refusal()
        if not (asked := asked.filtered(lambda criterion: not criterion.problem)):
            return
        self.env.flush_all()
        query = self.env['crm.audience']._universe()
        customer = SQL.identifier(query.table, 'id')
        query.order = None
        with self._looked_up_once():
            conditions = [criterion._condition(customer) for criterion in asked]
        [counts] = self.env.execute_query(query.select(*(
            SQL("count(*) FILTER (WHERE %s)", condition) for condition in conditions)))
        for criterion, count in zip(asked, counts, strict=True):
            criterion.customer_count = count

    def _refusal(self):
        """Return in words why the user may not ask it, nothing when he may."""
        if self.source in PURCHASES and self.measure == 'margin' and not self._may_see_margin():
            return self.env._("margins are for sales managers.")
        return ''

    def _values_of(self, customer_id):
        """Return the queries of what is measured, and what is usual, for one customer."""
        if self.is_yes_or_no:
            return [SQL("NULL"), SQL("NULL")]
        usual = SQL("NULL")
        if self.threshold == 'own':
            usual = self._of(customer_id, self._usual_query())
        return [self._of(customer_id, self._values_query()), usual]

    def _of(self, customer_id, query):
        return SQL("(SELECT value FROM (%s) AS valued WHERE partner_id = %s)", query, customer_id)

    def _said(self, value, usual):
        """Return what was measured, and what is usual, as a person reads it."""
        if self.is_yes_or_no:
            return ''
        said = self._value_in_words(value)
        if usual is None:
            return said
        if self.measure == 'last_date':
            return self.env._(
                "%(last)s, usually every %(days)s days", last=said, days=round(usual))
        return self.env._(
            "%(value)s, usually %(usual)s", value=said, usual=self._value_in_words(usual))

    def _value_in_words(self, value):
        """Return a value of what is measured as a person reads it."""
        if value is None:
            return self.env._("nothing")
        if self.measure in DATES:
            return format_date(self.env, value)
        if self.measure in MONEY:
            return format_amount(self.env, float(value), self.currency_id)
        return f'{round(float(value), 2):g}'
