from odoo import fields, models

from .return_decision import Question, decide


class CrmRequestReturnLine(models.Model):
    """How the policy is asked about a line, and what is told of its answer."""

    _inherit = 'crm.request.return.line'

    def _decide(self, policy):
        """Decide on the lines by a policy, one after the other.

        :param policy: the `crm.return.policy` in force, read in the customer's language
        """
        for line, decision, text in self._decisions(policy):
            line._write_decision(
                decision.accepted, text, 'system', decision.fee,
                decision.rule and decision.rule.key)

    def _decisions(self, policy):
        """Return what a policy decides on the lines, which need not be kept.

        :param policy: the `crm.return.policy` in force, read in the customer's language
        :return: the lines, what is decided on each, and what the customer is told
        :rtype: list[tuple[crm.request.return.line, Decision, str]]
        """
        rules, default = policy._plain_rules()
        purchases, taken, decisions = self._purchases(), {}, []
        for line in self:
            key = line._purchase_key()
            purchase = purchases.get(key, self.env['crm.return.purchase'])
            question = line._question(purchase, taken.get(key, 0.0))
            decision = decide(question, rules, default)
            if decision.accepted:
                taken[key] = taken.get(key, 0.0) + line.quantity
            decisions.append((line, decision, line._decision_text(decision, question, policy)))
        return decisions

    def _write_decision(self, accepted, reason, decided_by, fee=0.0, rule=None):
        """Note what was decided on the lines."""
        # sudo: crm.request.return.line - the answer is nobody's to write by hand
        self.sudo().write({
            'decision': 'accepted' if accepted else 'rejected',
            'decision_reason': reason,
            'decided_by': decided_by,
            'fee': fee,
            'rule_id': rule.id if rule else False,
        })

    def _question(self, purchase, taken):
        """Return the line as a question to the policy.

        :param purchase: the `crm.return.purchase` of the line, or none
        :param float taken: how much of it this return took already
        :rtype: Question
        """
        self.ensure_one()
        template, customer = self.product_id.product_tmpl_id, self.request_id.partner_id
        tags = customer.category_id | customer.commercial_partner_id.category_id
        return Question(
            self.quantity, self.condition, purchase.bought, purchase.returned + taken,
            purchase.paid, self._ages(purchase), template.return_days,
            frozenset(map(int, (template.categ_id.parent_path or '').split('/')[:-1])),
            frozenset(tags.ids))

    def _ages(self, purchase):
        """Return the days since the events of a purchase, until the request was received."""
        received = self.request_id.date_received.date()
        events = {
            'order': purchase.date_order, 'delivery': purchase.date_delivery,
            'bill': purchase.date_bill}
        return {
            name: (received - fields.Date.to_date(moment)).days
            for name, moment in events.items() if moment}

    def _decision_text(self, decision, question, policy):
        """Say to the customer what was decided and why.

        :rtype: str
        """
        _ = policy.env._
        if decision.basis == 'unknown':
            return _("No purchase of it was found.")
        if decision.basis == 'too_many':
            return _(
                "Only %(left)s of %(bought)s can still go back.",
                left=f'{question.returnable:g}', bought=f'{question.bought:g}')
        parts = [decision.reason]
        age = question.age('delivery')
        if age:
            parts.append(
                _("Delivered %(days)s days before.", days=age) if 'delivery' in question.ages
                else _("Ordered %(days)s days before.", days=age))
        if decision.fee:
            parts.append(_("Restocking fee: %(percent)s percent.", percent=f'{decision.fee:g}'))
        return " ".join(parts)
