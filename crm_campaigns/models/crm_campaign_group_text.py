from odoo import api, models
from odoo.tools import format_amount


class CrmCampaignGroup(models.Model):
    """What the customers of a group have in common, in words."""

    _inherit = 'crm.campaign.group'

    @api.depends('limits', 'currency_id')
    @api.depends_context('lang')
    def _compute_sentence(self):
        for group in self:
            text = ", ".join(group._limit_text(*limit) for limit in group.limits or [])
            group.sentence = text[:1].upper() + text[1:]

    def _limit_text(self, fact, comparison, value):
        """Return a condition in words that may stand within a sentence.

        :param str fact: what is known of the customer
        :param str comparison: how it is compared
        :param float value: with what
        :rtype: str
        """
        if comparison == 'never':
            return self.env._("never ordered")
        if comparison == 'ever':
            return self.env._("ordered before")
        if fact == 'sales':
            return self._sales_text(comparison, value)
        texts = {**self._day_texts(), **self._number_texts()}
        usual = texts[f'{fact} {comparison}'] % {'value': f'{value:g}'}
        return texts.get(f'{fact} {comparison} {value:g}', usual)

    def _sales_text(self, comparison, value):
        currency = self.currency_id or self.env.company.currency_id
        amount = format_amount(self.env, value, currency, trailing_zeroes=False)
        if comparison == 'from':
            return self.env._("sales of %(amount)s or more in 12 months", amount=amount)
        return self.env._("sales of less than %(amount)s in 12 months", amount=amount)

    def _day_texts(self):
        return {
            'last_order from': self.env._("last order %(value)s days ago or longer"),
            'last_order from_or_never': self.env._(
                "last order %(value)s days ago or longer, or never"),
            'last_order below': self.env._("last order less than %(value)s days ago"),
            'first_order from': self.env._("first order %(value)s days ago or longer"),
            'first_order from_or_never': self.env._(
                "first order %(value)s days ago or longer, or never"),
            'first_order below': self.env._("first order less than %(value)s days ago"),
        }

    def _number_texts(self):
        return {
            'orders from': self.env._("%(value)s orders or more in 12 months"),
            'orders from 1': self.env._("at least one order in 12 months"),
            'orders below': self.env._("fewer than %(value)s orders in 12 months"),
            'orders below 1': self.env._("no order in 12 months"),
            'touches from': self.env._("%(value)s touches or more in 12 months"),
            'touches from 1': self.env._("at least one touch in 12 months"),
            'touches below': self.env._("fewer than %(value)s touches in 12 months"),
            'touches below 1': self.env._("no touch in 12 months"),
        }
