from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from .crm_audience_criterion import DATES, PURCHASES

MONEY = ('amount', 'average', 'margin')
SHOWN_NAMES = 3


class CrmAudienceCriterion(models.Model):
    """The sentence that a criterion is."""

    _inherit = 'crm.audience.criterion'

    sentence = fields.Char("Criterion", compute='_compute_sentence')

    @api.depends(lambda self: self._rule_fields())
    @api.depends_context('lang', 'uid')
    def _compute_sentence(self):
        for criterion in self:
            criterion.sentence = criterion._sentence()

    def _sentence(self):
        if self.is_group:
            return self._label('match')
        parts = [self._subject(), self._comparison(), self._period_text(), self._filter_text()]
        text = " ".join(part for part in parts if part)
        return self.env._("Not: %(criterion)s", criterion=text) if self.negate else text

    def _subject(self):
        """Return what is measured, of which documents."""
        if self.source == 'customer':
            return self.env._("The customer meets a condition")
        if self.source == 'campaign':
            return self._label('member_state') if self.member_state else self.env._("A member")
        return self._subjects().get((self.measure, self.source)) or self._label('measure')

    def _subjects(self):
        return {
            ('last_date', 'bill'): self.env._("Last bill"),
            ('last_date', 'order'): self.env._("Last order"),
            ('last_date', 'request'): self.env._("Last request"),
            ('last_date', 'call'): self.env._("Last call"),
            ('last_date', 'visit'): self.env._("Last visit to the portal"),
            ('last_date', 'touch'): self.env._("Last touch"),
            ('first_date', 'bill'): self.env._("First bill"),
            ('first_date', 'order'): self.env._("First order"),
            ('first_date', 'request'): self.env._("First request"),
            ('first_date', 'call'): self.env._("First call"),
            ('first_date', 'touch'): self.env._("First touch"),
            ('count', 'bill'): self.env._("Number of bills"),
            ('count', 'order'): self.env._("Number of orders"),
            ('count', 'request'): self.env._("Number of requests"),
            ('count', 'call'): self.env._("Number of calls"),
            ('count', 'touch'): self.env._("Number of touches"),
            ('amount', 'bill'): self.env._("Billed without taxes"),
            ('amount', 'order'): self.env._("Ordered without taxes"),
            ('average', 'bill'): self.env._("Average bill without taxes"),
            ('average', 'order'): self.env._("Average order without taxes"),
            ('quantity', 'bill'): self.env._("Quantity billed"),
            ('quantity', 'order'): self.env._("Quantity ordered"),
            ('margin', 'bill'): self.env._("Margin of bills"),
            ('margin', 'order'): self.env._("Margin of orders"),
            ('gap', 'bill'): self.env._("Days between bills"),
            ('gap', 'order'): self.env._("Days between orders"),
            ('share', 'bill'): self.env._("Percent of the products billed"),
            ('share', 'order'): self.env._("Percent of the products ordered"),
        }

    def _comparison(self):
        if self.is_yes_or_no:
            return ''
        if self.threshold in ('top', 'bottom'):
            template = (
                self.env._("among the highest %(value)s %% of customers")
                if self.threshold == 'top'
                else self.env._("among the lowest %(value)s %% of customers"))
            return template % {'value': self._number(self.value)}
        if self.threshold == 'own':
            return self._own_text()
        if self.measure in DATES:
            return self.env._(
                "%(comparison)s %(days)s days ago (%(date)s)",
                comparison=self._label('date_operator'), days=self.days,
                date=format_date(self.env, self._limit_date()))
        return f'{self._label("operator")} {self._value_text()}'

    def _own_text(self):
        if self.measure == 'last_date':
            return self.env._(
                "%(comparison)s %(value)s %% of his usual days between purchases ago",
                comparison=self._label('date_operator'), value=self._number(self.value))
        return self.env._(
            "%(comparison)s %(value)s %% of his own average",
            comparison=self._label('operator'), value=self._number(self.value))

    def _value_text(self):
        if self.measure in MONEY:
            return format_amount(self.env, self.value, self.currency_id)
        return self._number(self.value)

    def _number(self, value):
        return f'{value:g}'

    def _period_text(self):
        if self.is_yes_or_no or self.period == 'always':
            return ''
        if self.period == 'last' and self.period_count == 1:
            return {
                'days': self.env._("in the last day"), 'months': self.env._("in the last month"),
                'years': self.env._("in the last year"),
            }[self.period_unit]
        if self.period == 'last':
            return self.env._(
                "in the last %(count)s %(unit)s", count=self.period_count,
                unit=self._label('period_unit'))
        if self.period == 'fixed':
            return self._fixed_text()
        return self.env._("(%(period)s)", period=self._label('period').lower())

    def _fixed_text(self):
        start = self.date_from and format_date(self.env, self.date_from)
        end = self.date_to and format_date(self.env, self.date_to)
        if start and end:
            return self.env._("from %(start)s to %(end)s", start=start, end=end)
        return self.env._("since %(start)s", start=start) if start else self.env._(
            "up to %(end)s", end=end)

    def _filter_text(self):
        """Return which documents count."""
        names = [
            name for field in self._filters() for name in self[field].mapped('display_name')]
        if not names:
            return ''
        listed = ", ".join(names[:SHOWN_NAMES])
        if len(names) > SHOWN_NAMES:
            listed = self.env._(
                "%(names)s and %(more)s more", names=listed, more=len(names) - SHOWN_NAMES)
        return self.env._("of %(names)s", names=listed)

    def _filters(self):
        """Return the fields that say which documents of the source count.

        :rtype: list[str]
        """
        if self.source in PURCHASES:
            return ['product_ids', 'category_ids', 'tag_ids', 'campaign_ids', 'team_ids']
        return {
            'request': ['type_ids'], 'call': ['outcome_ids'], 'campaign': ['campaign_ids'],
            'touch': ['campaign_ids'],
        }.get(self.source, [])

    def _label(self, name):
        """Return how the value of a selection is called."""
        return dict(self._fields[name]._description_selection(self.env))[self[name]]
