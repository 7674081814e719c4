from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.crm_roles.controllers.workbook import send_workbook
from odoo.addons.crm_roles.replica import only_read
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.crm_representative_right import SEEN_BY
from ..models.crm_statement import PRINTED_ENTRIES
from ..periods import parse_day, periods
from .statement_workbook import write_statement

URL = '/my/statement'
# So many statements a customer may have sent within an hour.
MAILS_PER_HOUR = 10


class StatementController(Controller):

    @route(
        '/crm_selfservice_portal/statement/<int:statement_id>/xlsx',
        type='http', auth='user', readonly=only_read)
    def statement_xlsx(self, statement_id):
        """Send a statement as a workbook; one that is not the user's is one that is not there."""
        try:
            statement = request.env['crm.statement'].search([('id', '=', statement_id)])
        except AccessError:
            raise NotFound() from None
        if not statement:
            raise NotFound()
        return self._send(statement)

    def _send(self, statement):
        return send_workbook(
            statement._title(), lambda book: write_statement(book, statement))


class PortalStatement(CustomerPortal):

    @route(
        [URL, f'{URL}/page/<int:page>'], type='http', auth='user', website=True, readonly=only_read)
    def portal_my_statement(self, page=1, **params):
        """Show the account of the customer over a period."""
        layout = self._prepare_portal_layout_values()
        customer = self._statement_customer(params)
        accounts = self._statement_accounts(customer)
        statement = self._make_statement(customer, accounts, params)
        ledger = statement._ledger()
        totals = ledger.totals()
        pager = portal_pager(
            url=URL, total=totals.count, page=page, step=self._items_per_page,
            url_args=self._statement_args(statement))
        entries = ledger.entries(limit=self._items_per_page, offset=pager['offset'])
        return request.render('crm_selfservice_portal.portal_my_statement', {
            **layout,
            **self._statement_choices(statement),
            'accounts': accounts,
            'page_name': 'statement',
            'statement': statement,
            'ledger': ledger,
            'totals': totals,
            'entries': entries,
            'allocations': ledger.allocations(entries),
            'ageing': ledger.ageing(),
            'format': statement._format(),
            'links': True,
            'pager': pager,
            'page_first': pager['page']['num'] <= 1,
            'page_last': pager['page']['num'] >= pager['page_count'],
            'printable': totals.count <= PRINTED_ENTRIES,
            'sent': params.get('sent'),
            'refused': params.get('refused'),
        })

    @route(f'{URL}/pdf', type='http', auth='user', website=True, readonly=False)
    def portal_my_statement_pdf(self, **params):
        """Give the statement as a PDF, and note who has asked for it."""
        statement_sudo = self._issue_statement('pdf', params)
        try:
            statement_sudo._check_length()
        except UserError:
            return self._back(statement_sudo, refused='length')
        return self._show_report(
            statement_sudo, 'pdf', 'crm_selfservice_portal.crm_statement_report_action',
            download=True)

    @route(f'{URL}/xlsx', type='http', auth='user', website=True, readonly=False)
    def portal_my_statement_xlsx(self, **params):
        """Give the statement as a workbook, and note who has asked for it."""
        return StatementController()._send(self._issue_statement('xlsx', params))

    @route(f'{URL}/send', type='http', auth='user', methods=['POST'], website=True)
    def portal_my_statement_send(self, recipient=None, **params):
        """Send the statement to a contact of the customer."""
        statement = self._statement(params)
        recipient = statement.partner_id._statement_recipients().filtered(
            lambda contact: str(contact.id) == recipient)
        if not recipient:
            return self._back(statement, refused='recipient')
        if self._mails_of_late(statement.partner_id) >= MAILS_PER_HOUR:
            return self._back(statement, refused='often')
        if statement._ledger().totals().count > PRINTED_ENTRIES:
            return self._back(statement, refused='length')
        statement_sudo = self._issue_statement('mail', params, recipient_id=recipient.id)
        statement_sudo._send()
        return self._back(statement, sent=recipient.id)

    def _statement(self, params):
        """Return the statement that an address asks for, not stored.

        :raise NotFound: when the user may not have it
        """
        customer = self._statement_customer(params)
        return self._make_statement(customer, self._statement_accounts(customer), params)

    def _make_statement(self, customer, accounts, params):
        """Return a statement of a customer, not stored.

        :param list accounts: those of the customer
        """
        company, currency = self._statement_account(accounts, params.get('account'))
        start, end = self._statement_period(params)
        # sudo: crm.statement - the user sees all bills of the customer
        return request.env['crm.statement'].sudo().new({
            'partner_id': customer.id, 'company_id': company.id, 'currency_id': currency.id,
            'date_from': start, 'date_to': end})

    def _statement_customer(self, params):
        """Return whose statement an address asks for, with all rights.

        :raise NotFound: when the user may not have it
        """
        customers = self._statement_customers()
        customer = customers.filtered(
            lambda partner: str(partner.id) == params['customer']) if params.get(
            'customer') else customers[:1]
        if not customer:
            raise NotFound()
        return customer

    def _statement_customers(self):
        """Return whose statements the user may have: of the companies all of whose bills he sees.
        Employees have none of their own company.

        :return: the companies, with all rights
        """
        user = request.env.user
        # sudo: res.partner - the user may know the companies whose bills he sees
        customers_sudo = request.env['res.partner'].sudo()
        if not user._is_portal():
            return customers_sudo
        rights = user._portal_rights()
        return customers_sudo.browse(rights.names & SEEN_BY['bill'] and rights.customer_ids)

    def _statement_accounts(self, customer):
        """Return the accounts of a customer, the last in use first."""
        # sudo: res.company - the companies are those of the user
        return customer._accounts(request.env.companies.sudo())

    def _statement_account(self, accounts, account):
        """Return the company and the currency that an address asks for, else the last in use."""
        named = {f'{company.id}-{currency.id}': (company, currency)
                 for company, currency in accounts}
        return named.get(account) or accounts[0]

    def _statement_period(self, params):
        """Return the first and the last day that an address asks for, else the year so far."""
        today = fields.Date.context_today(request.env.user)
        start, end = periods(today)['year']
        start, end = parse_day(params.get('date_from')) or start, parse_day(
            params.get('date_to')) or end
        return min(start, end), max(start, end)

    def _statement_args(self, statement):
        """Return the parameters of the address of a statement."""
        return {
            'customer': statement.partner_id.id,
            'account': f'{statement.company_id.id}-{statement.currency_id.id}',
            'date_from': statement.date_from,
            'date_to': statement.date_to,
        }

    def _statement_choices(self, statement):
        """Return what else the customer may choose."""
        customer = statement.partner_id
        today = fields.Date.context_today(request.env.user)
        return {
            'args': self._statement_args(statement),
            'customers': self._statement_customers(),
            # With all rights: the contacts of a company all of whose bills he sees.
            'recipients': customer._statement_recipients(),
            'periods': periods(today),
            'kinds': statement._kind_labels(),
            'ages': statement.partner_id._age_labels(),
        }

    def _issue_statement(self, output, params, **values):
        """Note that the user was given the statement, and return it with all rights."""
        statement = self._statement(params)
        return statement.create({
            'partner_id': statement.partner_id.id,
            'company_id': statement.company_id.id,
            'currency_id': statement.currency_id.id,
            'date_from': statement.date_from,
            'date_to': statement.date_to,
            'output': output,
            **values,
        })

    def _mails_of_late(self, customer):
        """Return how many statements the customer had sent within the last hour."""
        # sudo: crm.statement - what the colleagues of the user had sent counts, too
        return request.env['crm.statement'].sudo().search_count(
            Domain('partner_id', '=', customer.id) & Domain('output', '=', 'mail')
            & Domain('create_date', '>', fields.Datetime.subtract(
                fields.Datetime.now(), hours=1)))

    def _back(self, statement, **params):
        query = request.env['ir.http']._url_for(URL)
        return request.redirect_query(query, {**self._statement_args(statement), **params})
