from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize
from odoo.tools.mail import parse_contact_from_email

from odoo.addons.crm_roles.notification import RELOAD, notify
from odoo.addons.crm_service_requests.models.inbound_mail import MACHINES

from ..prospect_columns import plain
from ..prospect_signature import mail_text, read_signature, signature_lines

BATCH = 200
# So many of the last mails of somebody are read for a signature.
MAILS = 3
# Where somebody wrote, the clearest first.
ORIGINS = ['request', 'lead', 'mail']


class CrmProspectRow(models.Model):
    """Who wrote or called and is nobody's contact: proposed once, for a person to confirm."""

    _inherit = 'crm.prospect.row'

    @api.model
    def action_propose(self):
        """Look in mails, leads and requests for people who are unknown.

        :raise AccessError: when the user may not make prospects
        """
        self.check_access('create')
        # sudo: crm.prospect.row - mails and requests that the user may not read tell of prospects
        found = self.sudo()._propose(self.env.companies)
        return notify(
            self.env._("%(count)s unknown senders found.", count=len(found)), RELOAD,
            'success' if found else 'info')

    @api.model
    def _propose(self, companies):
        """Make prospects of the next senders who are unknown; runs with full rights.

        :param res.company companies: whose mails and requests are looked through
        :return: the prospects
        :rtype: crm.prospect.row
        """
        self.env.flush_all()
        senders = self.env.execute_query_dict(self._senders_query(companies))
        # Who wrote to a company is not proposed to all of them as well.
        placed = {sender['address'] for sender in senders if sender['company']}
        senders = [
            sender for sender in senders
            if sender['company'] or sender['address'] not in placed]
        documents = {
            origin: self.env[model].browse(
                [sender['id'] for sender in senders if sender['origin'] == origin])
            for origin, model in (
                ('request', 'crm.request'), ('lead', 'crm.lead'), ('mail', 'mail.message'))}
        mails = self._mails_of(documents)
        names = self._country_names()
        by_key = {
            (origin, record.id): record for origin, records in documents.items()
            for record in records}
        rows = self.create([
            self._prepare_proposal(sender, by_key[key], mails.get(key, []), names)
            for sender in senders for key in [(sender['origin'], sender['id'])]])
        rows._find_duplicates()
        return rows

    @api.model
    def _senders_query(self, companies):
        """Return the statement for who wrote, is nobody's contact and was not proposed yet."""
        return SQL(
            """
            SELECT DISTINCT ON (address, COALESCE(company, 0)) address, origin, id, company
            FROM (
                SELECT 'request' AS origin, id, company_id AS company, date_received AS date,
                       COALESCE(email_normalized, %(number)s) AS address
                FROM crm_request
                WHERE partner_id IS NULL AND mail_forged IS NOT TRUE
                  AND company_id = ANY(%(companies)s)
                  AND (email_normalized IS NOT NULL OR phone IS NOT NULL)
                UNION ALL
                SELECT 'lead', id, company_id, create_date, COALESCE(email_normalized, %(number)s)
                FROM crm_lead
                WHERE partner_id IS NULL AND active
                  AND (company_id IS NULL OR company_id = ANY(%(companies)s))
                  AND (email_normalized IS NOT NULL OR phone IS NOT NULL)
                UNION ALL
                SELECT 'mail', id, NULL, date,
                       lower(substring(email_from FROM '[^<>"[:space:]]+@[^<>"[:space:]]+'))
                FROM mail_message
                WHERE author_id IS NULL AND message_type = 'email' AND model IS NOT NULL
                  AND model NOT IN ('crm.request', 'crm.lead', 'discuss.channel')
                  AND is_automatic IS NOT TRUE
            ) AS sender
            WHERE address <> '' AND address !~* %(machines)s
              AND split_part(address, '@', 2) NOT IN (
                SELECT lower(name) FROM mail_alias_domain)
              AND NOT EXISTS (
                SELECT FROM crm_prospect_row row
                WHERE row.sender = address
                  AND (row.company_id IS NOT DISTINCT FROM company OR company IS NULL))
              AND NOT EXISTS (
                SELECT FROM res_partner partner
                WHERE partner.email_normalized = address AND NOT partner.partner_share)
            ORDER BY address, COALESCE(company, 0), array_position(%(origins)s, origin), date DESC
            LIMIT %(limit)s
            """,
            number=SQL("regexp_replace(phone, '[^0-9+]', '', 'g')"), companies=companies.ids,
            machines=MACHINES.pattern, origins=ORIGINS, limit=BATCH)

    @api.model
    def _mails_of(self, documents):
        """Return the mails that came with requests and leads, the newest first.

        :param dict documents: records by where they come from
        :rtype: dict[tuple, list[mail.message]]
        """
        mails = {('mail', message.id): [message] for message in documents['mail']}
        for origin in ('request', 'lead'):
            records = documents[origin]
            for message in self.env['mail.message'].search(
                    Domain('model', '=', records._name) & Domain('res_id', 'in', records.ids)
                    & Domain('message_type', '=', 'email') & Domain('author_id', '=', False),
                    order='id DESC'):
                mails.setdefault((origin, message.res_id), []).append(message)
        return mails

    @api.model
    def _prepare_proposal(self, sender, document, mails, countries):
        """Return the values of a prospect, from his request or lead and what he puts below mails.

        :param dict sender: ``address``, ``origin`` and ``company``
        :param document: the request, lead or mail
        :param list mails: messages, the newest first
        :param dict countries: ids of countries by their names
        :rtype: dict
        """
        address, found, below = sender['address'], {}, []
        mails = [mail for mail in mails if email_normalize(
            mail.email_from or '', strict=False) == address][:MAILS]
        shown = next((parse_contact_from_email(mail.email_from)[0] for mail in mails), '')
        for mail in mails:
            body = mail.body or Markup()
            found = {**read_signature(body, shown, address), **found}
            below = below or signature_lines(mail_text(body))
        known = {
            'request': self._prepare_of_request, 'lead': self._prepare_of_lead,
            'mail': lambda _message: {}}[sender['origin']](document)
        values = {**found, **{name: value for name, value in known.items() if value}}
        country = values.pop('country', '')
        return {
            'country_id': countries.get(plain(country)), **values,
            'origin': sender['origin'], 'sender': address, 'company_id': sender['company'],
            'email': '@' in address and address, 'raw': '\n'.join(below)}

    @api.model
    def _prepare_of_request(self, request):
        shown = parse_contact_from_email(request.email_from or '')[0]
        return {
            'request_id': request.id, 'phone': request.phone, 'name': '@' not in shown and shown}

    @api.model
    def _prepare_of_lead(self, lead):
        return {
            'lead_id': lead.id, 'name': lead.contact_name, 'company_name': lead.partner_name,
            'source_id': lead.source_id.id, 'country_id': lead.country_id.id,
            **{name: lead[name] for name in (
                'phone', 'function', 'website', 'street', 'street2', 'zip', 'city')}}

    @api.model
    def _cron_propose(self):
        """Propose whoever wrote and is unknown, a batch at a time; scheduled."""
        companies = self.env['res.company'].search([('id', '!=', False)])
        while found := self._propose(companies):
            if not self.env['ir.cron']._commit_progress(
                    len(found), remaining=int(len(found) == BATCH)):
                return

    # What becomes of the mails and requests

    def _link_origins(self):
        """Give requests, leads and mails of those who were confirmed their customer."""
        for row in self.filtered('sender'):
            row._link_origin()

    def _link_origin(self):
        """Give all requests, leads and mails of the sender their customer."""
        partner = self.partner_id
        company = Domain('company_id', 'in', [False, self.company_id.id]) if self.company_id else (
            Domain.TRUE)
        same = Domain('email_normalized', '=', self.sender) if '@' in self.sender else (
            Domain('email_normalized', '=', False) & Domain('phone', '!=', False))
        # sudo: crm.request - what one confirmed sender wrote is his
        requests_sudo = self.env['crm.request'].sudo().search(
            company & same & Domain('partner_id', '=', False)
            & Domain('mail_forged', '=', False)).filtered(self._is_of_sender)
        # sudo: crm.lead - what one confirmed sender wrote is his
        leads_sudo = self.env['crm.lead'].sudo().search(
            company & same & Domain('partner_id', '=', False)).filtered(self._is_of_sender)
        requests_sudo.write({'partner_id': partner.id})
        leads_sudo._handle_partner_assignment(force_partner_id=partner.id, create_missing=False)
        self._link_mails(requests_sudo, leads_sudo)

    def _is_of_sender(self, document):
        return '@' in self.sender or ''.join(
            sign for sign in document.phone or '' if sign in '0123456789+') == self.sender

    def _link_mails(self, requests, leads):
        """Make the sender the author of what he wrote, unless it may be forged."""
        if '@' not in self.sender:
            return
        # sudo: mail.message - what one confirmed sender wrote is his
        messages_sudo = self.env['mail.message'].sudo()
        documents = Domain.OR(
            Domain('model', '=', records._name) & Domain('res_id', 'in', records.ids)
            for records in (requests, leads)) | Domain(
                'model', 'not in', ('crm.request', 'crm.lead'))
        messages_sudo.search(
            documents & Domain('author_id', '=', False) & Domain('message_type', '=', 'email')
            & Domain('email_from', 'ilike', self.sender)).filtered(
                lambda message: email_normalize(message.email_from, strict=False) == self.sender
        ).author_id = self.partner_id
