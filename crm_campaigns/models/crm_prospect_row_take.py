from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.sql_db import Cursor
from odoo.tools import SQL

# What holds for a company, not for one of its people.
ADDRESS = ['website', 'street', 'street2', 'zip', 'city', 'country_id', 'vat']
TURN = 'crm_campaigns.prospect_turn'


class CrmProspectRow(models.Model):
    """Prospects that become customers, each once."""

    _inherit = 'crm.prospect.row'
    _taken_in_a_batch = 200

    def _take(self):
        """Take over prospects; what cannot be made of one of them is said on him.

        Who has become known in the meantime is not made again.
        """
        self._take_prospect_turn()
        rows = self.filtered(lambda row: row.state in ('ready', 'queued'))
        rows.filtered(lambda row: row.action == 'create' and not row.duplicate_kind)\
            ._find_duplicates()
        rows.filtered('queued').queued = False
        rows.filtered(lambda row: row.state == 'ready')._take_or_explain()

    def _take_prospect_turn(self):
        """Let others who take over prospects at this moment wait, or begin anew after them."""
        self.env.cr.execute(SQL(
            "UPDATE ir_config_parameter SET value = value WHERE key = %s", TURN))
        self.env.invalidate_all()

    def _take_or_explain(self):
        """Take over what can be, by halves where something is wrong."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._take_rows()
            return
        except UserError as error:
            self.env.invalidate_all()
            if len(self) == 1:
                self.file_problem = str(error)
                return
        half = len(self) // 2
        self[:half]._take_or_explain()
        self[half:]._take_or_explain()

    def _take_rows(self):
        made = self.filtered(lambda row: row.action == 'create')
        made._make_partners()
        for row in self - made:
            partner = row._known_partner()
            if partner:
                row.partner_id = row._complete(partner)
            else:
                row._make_partners()
        self.date_done = fields.Datetime.now()
        self._tag_partners()
        self._link_origins()
        self._add_to_campaigns()

    def _known_partner(self):
        """Return as whom the prospect is known, with full rights.

        :rtype: res.partner
        """
        other = self.duplicate_row_id.partner_id or self.duplicate_row_id.duplicate_id
        if self.company_name and self.duplicate_kind in ('vat', 'company', 'name'):
            # It is the company that is the same, not the person.
            other = other.commercial_partner_id
        # sudo: res.partner - who confirms prospects may not write customers otherwise
        return (self.duplicate_id or other).sudo()

    def _make_partners(self):
        """Make customers: companies with their people, or people."""
        # sudo: res.partner - who confirms prospects may not make customers otherwise
        partners_sudo = self.env['res.partner'].sudo().with_context(mail_create_nosubscribe=True)
        companies = self.filtered('company_name')
        made = partners_sudo.create([row._prepare_company() for row in companies])
        for row, partner in zip(companies, made, strict=True):
            row.partner_id = partner
        people = self.filtered(lambda row: not row.company_name or row._is_person_of_company())
        made = partners_sudo.create([row._prepare_person(row.partner_id) for row in people])
        for row, partner in zip(people, made, strict=True):
            row.partner_id = partner

    def _is_person_of_company(self):
        return bool(self.name and self.company_name and self.name != self.company_name)

    def _prepare_company(self):
        """Return the values of the company of the prospect.

        :rtype: dict
        """
        return {
            'name': self.company_name, 'is_company': True, 'email': self.email,
            'phone': self.phone, 'comment': self.note, **self._prepare_prospect(),
            **{name: self._value_of(name) for name in ADDRESS}}

    def _prepare_person(self, company):
        """Return the values of the prospect as a person.

        :param res.partner company: where he works, may be empty
        :rtype: dict
        """
        values = {
            'name': self.name or self.email, 'email': self.email, 'phone': self.phone,
            'function': self.function, **self._prepare_prospect()}
        if company:
            return {**values, 'parent_id': company.id, 'type': 'contact'}
        return {**values, 'comment': self.note, **{name: self._value_of(name) for name in ADDRESS}}

    def _prepare_prospect(self):
        return {
            'prospect_source_id': self.source_id.id, 'prospect_campaign_id': self.campaign_id.id}

    def _value_of(self, name):
        return self[name].id if name == 'country_id' else self[name]

    def _complete(self, partner):
        """Fill in what is not known of a customer, and add the prospect to his company.

        :param res.partner partner: with full rights
        :return: the customer, or the prospect as his contact
        :rtype: res.partner
        """
        values = self._prepare_company() if partner.is_company else self._prepare_person(
            self.env['res.partner'])
        if partner.parent_id:
            # His address is that of his company.
            values = {name: values[name] for name in ('email', 'phone', 'function')}
        missing = {
            name: value for name, value in values.items()
            if value and name in partner._fields and name not in ('is_company', 'type')
            and not partner[name]}
        if missing:
            partner.write(missing)
        if not (partner.is_company and self._is_person_of_company()):
            return partner
        return self._contact_of(partner) or partner.create(self._prepare_person(partner))

    def _contact_of(self, company):
        """Return who of a company the prospect is, by his name or his own address."""
        return company.child_ids.filtered(lambda contact: (
            contact.name or '').casefold() == self.name.casefold() or (
            self.email_normalized and contact.email_normalized == self.email_normalized))[:1]

    def _tag_partners(self):
        for record, rows in self.grouped('import_id').items():
            if record.tag_ids:
                # sudo: res.partner - who confirms prospects may not write customers otherwise
                partners_sudo = rows.partner_id.commercial_partner_id.sudo()
                partners_sudo.category_id |= record.tag_ids

    def _add_to_campaigns(self):
        """Make members of a campaign of who was taken over for it, if it runs."""
        for campaign, rows in self.grouped('campaign_id').items():
            if campaign.state == 'running':
                # sudo: crm.campaign.member - the prospects were confirmed for this campaign
                self.env['crm.campaign.member'].sudo()._freeze(
                    campaign, rows.partner_id.commercial_partner_id)

    @api.model
    def _take_queued(self):
        """Take over the prospects that wait for it, a batch at a time, each in a transaction."""
        cron = self.env['ir.cron']
        left = 1.0
        while left:
            if isinstance(self.env.cr, Cursor):
                # Whoever takes over at this moment is waited for, and what he did is seen.
                # (The cursors of Odoo's tests share a transaction that has begun long ago.)
                self.env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            rows = self.search(
                [('queued', '=', True), ('date_done', '=', False)], limit=self._taken_in_a_batch)
            if not rows:
                return
            rows._take()
            left = cron._commit_progress(
                len(rows), remaining=int(len(rows) == self._taken_in_a_batch))
