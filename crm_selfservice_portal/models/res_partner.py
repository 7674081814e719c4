from odoo import api, models
from odoo.fields import Domain

from ..ledger import accounts


class ResPartner(models.Model):
    """A customer has an account, and contacts to whom its statement may go."""

    _inherit = 'res.partner'

    def action_statement(self):
        """Open the dialog that asks for the period of the statement of account.

        :rtype: dict
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        company, currency = next(iter(customer._accounts(self.env.companies)))
        return {
            'name': self.env._("Statement of %(customer)s", customer=customer.name),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.statement',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_partner_id': customer.id, 'default_company_id': company.id,
                'default_currency_id': currency.id},
        }

    def _accounts(self, companies):
        """Return the accounts of a customer, with at least one.

        :param companies: the companies that may be told
        :rtype: list[tuple[res.company, res.currency]]
        """
        self.ensure_one()
        company = companies[:1]
        return accounts(self, companies) or [(company, company.currency_id)]

    @api.model
    def _age_labels(self):
        """Return what the ages of an open amount are called.

        :rtype: dict[str, str]
        """
        return {
            'not_due': self.env._("Not due"),
            'days_30': self.env._("1-30 days overdue"),
            'days_60': self.env._("31-60 days overdue"),
            'days_90': self.env._("61-90 days overdue"),
            'older': self.env._("Over 90 days overdue"),
            'credit': self.env._("Not yet used"),
        }

    def _statement_recipients(self):
        """Return the contacts of a customer to whom his statement may be sent.

        Addresses for deliveries are left out: whoever uses the portal may add them.

        :rtype: res.partner
        """
        self.ensure_one()
        return self.search_fetch(
            Domain('commercial_partner_id', '=', self.id)
            & Domain('email_normalized', '!=', False)
            & Domain('type', 'in', ['contact', 'invoice']),
            ['name', 'parent_id', 'email_normalized', *(['is_invited'] if self.env.su else [])])
