from odoo import SUPERUSER_ID, api, fields, models


class CrmRequestRuleCandidate(models.TransientModel):
    """A customer of whom a rule would make a request today."""

    _name = 'crm.request.rule.candidate'
    _description = "Customer a Rule Would Ask"
    _order = 'id'

    rule_id = fields.Many2one('crm.request.rule', required=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', "Customer", required=True, ondelete='cascade')
    reason = fields.Char()
    amount = fields.Monetary()
    currency_id = fields.Many2one('res.currency')
    days = fields.Integer(aggregator=None)
    date = fields.Date()

    @api.model
    def _propose(self, rules):
        """Return of whom the rules would make a request today.

        :param rules: `crm.request.rule`
        :rtype: crm.request.rule.candidate
        """
        found = []
        # A rule looks at the accounts of all customers, whoever asks what it would make.
        for rule in rules.with_user(SUPERUSER_ID):
            facts = [change for change in rule._changes() if not change['request_id']]
            partners = rule.env['res.partner'].browse(fact['partner_id'] for fact in facts)
            found += [
                self._prepare_values(rule, partner, fact)
                for partner, fact in zip(partners, facts, strict=True)]
        return self.create(found)

    @api.model
    def _prepare_values(self, rule, partner, facts):
        rule = rule.with_context(lang=self.env.lang)
        return {
            'rule_id': rule.id,
            'partner_id': partner.id,
            'reason': rule._reason(rule._words(partner, facts)),
            'amount': float(facts['amount'] or 0),
            'currency_id': rule.currency_id.id,
            'days': facts['days'] or 0,
            'date': facts['date'],
        }
