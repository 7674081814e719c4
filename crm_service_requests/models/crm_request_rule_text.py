from markupsafe import Markup

from odoo import models
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from .crm_request import ORIGIN_MODELS
from .crm_request_rule import PLACEHOLDER

# Documents named in a request; all of them are in its facts.
NAMED = 20


class CrmRequestRule(models.Model):
    """What stands in the requests a rule makes."""

    _inherit = 'crm.request.rule'

    def _prepare_requests(self, candidates):
        """Return the values of a request of each customer.

        :param list[dict] candidates: customers and facts
        :rtype: list[dict]
        """
        partners = self.env['res.partner'].browse(
            candidate['partner_id'] for candidate in candidates)
        documents = self.env[self._document_model()].browse(
            document for candidate in candidates for document in candidate['document_ids'] or [])
        return [
            self._prepare_request_values(
                partner, candidate, documents.browse(
                    sorted(candidate['document_ids'] or [])).with_prefetch(documents._prefetch_ids))
            for partner, candidate in zip(partners, candidates, strict=True)]

    def _prepare_request_values(self, partner, facts, documents):
        """Return the values of the request of a customer.

        :param partner: the customer, a `res.partner`
        :param dict facts: what is known of him, see :meth:`_changes`
        :param documents: the documents the facts speak of
        :rtype: dict
        """
        words = self._words(partner, facts)
        one = len(documents) == 1 and documents._name in ORIGIN_MODELS
        bills = self._bills(documents)
        return {
            'name': PLACEHOLDER.sub(lambda found: words.get(found[1], ''), self.subject),
            'channel': 'rule',
            'company_id': self.company_id.id,
            'partner_id': partner.id,
            'type_id': self.type_id.id,
            'priority': self.priority,
            'user_id': self.user_id.id,
            'origin_ref': f'{documents._name},{documents.id}' if one else False,
            'description': self._describe(words, documents),
            'rule_id': self.id,
            'rule_facts': self._prepare_facts(facts, documents),
            **({'team_id': self.team_id.id} if self.team_id else {}),
            **({'debt_invoice_ids': [Command.set(bills.ids)]}
               if bills and self.type_id.kind == 'debt' else {}),
        }

    def _bills(self, documents):
        """Return those of the documents of the facts that a customer can pay."""
        bills = self.env['account.move']
        return bills if documents._name != bills._name else documents.filtered(
            lambda bill: bill.move_type == 'out_invoice')

    def _prepare_facts(self, facts, documents):
        """Return the facts as they are kept with the request, to be read by programs."""
        return {
            'kind': self.kind,
            'amount': float(facts['amount'] or 0),
            'currency': self.currency_id.name,
            'days': facts['days'] or 0,
            'date': facts['date'] and facts['date'].isoformat(),
            'percent': facts['percent'] or 0,
            'rhythm': facts['rhythm'] or 0,
            'document_model': documents._name,
            'document_ids': documents.ids,
        }

    def _words(self, partner, facts):
        """Return the facts in words of the reader's language, by placeholder.

        :rtype: dict[str, str]
        """
        return {
            'customer': partner.display_name,
            'rule': self.name,
            'days': str(facts['days'] or 0),
            'date': format_date(self.env, facts['date']) if facts['date'] else '',
            'amount': format_amount(self.env, float(facts['amount'] or 0), self.currency_id),
            'percent': str(round(facts['percent'] or 0)),
            'rhythm': str(round(facts['rhythm'] or 0)),
        }

    def _describe(self, words, documents):
        """Return the reason of a request, and the documents it is about."""
        named = documents[:NAMED].with_prefetch(documents._prefetch_ids)
        links = [document._get_html_link() for document in named]
        if len(documents) > NAMED:
            links.append(self.env._("and %s more", len(documents) - NAMED))
        items = Markup().join(Markup("<li>%s</li>") % link for link in links)
        listed = Markup("<ul>%s</ul>") % items if items else ''
        return Markup("<p>%s</p>%s") % (self._reason(words), listed)

    def _reason(self, words):
        """Return in a sentence why the request was made.

        :param dict words: the facts in words
        :rtype: str
        """
        _ = self.env._
        match self.kind:
            case 'advance':
                return _("%(amount)s in favour of the customer is not used, the oldest of it since "
                         "%(date)s, %(days)s days ago.", **words)
            case 'overdue':
                return _("%(amount)s is overdue, the oldest of it since %(date)s, %(days)s days "
                         "ago.", **words)
            case 'credit_limit':
                return _("%(amount)s is owed or ordered: %(percent)s %% of the credit limit.",
                         **words)
            case 'balance':
                return _("The balance of the account is %(amount)s.", **words)
            case 'after_delivery':
                return _("Delivered on %(date)s, %(days)s days ago, for %(amount)s.", **words)
            case 'quotation_expiring':
                return _("A quotation ends on %(date)s, in %(days)s days. Offered: %(amount)s.",
                         **words)
            case 'next_purchase':
                return _("The customer buys every %(rhythm)s days and is expected to buy again on "
                         "%(date)s, in %(days)s days.", **words)
        reason = _("Nothing was bought for %(days)s days, since %(date)s.", **words)
        return f"{reason} {_('Usual are %(rhythm)s days.', **words)}" if words['rhythm'] != '0' \
            else reason
