from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LEAD_GROUP = 'crm_roles.group_call_center_lead'


class CrmCallQueueMixin(models.AbstractModel):
    """Whom nobody may call now, and what happens when calling has come to its end."""

    _inherit = 'crm.call.queue.mixin'

    @api.model
    def _call_unwanted_domain(self):
        """Return the domain of the documents whose customers may not be called now.

        Those are the ones whose number is on the list of numbers nobody calls, and those who have
        no hours for calls where they are.

        :rtype: Domain
        """
        customer = self._call_partner_field
        unwanted = Domain(customer, 'any!', self._call_blacklisted_domain())
        with_company = 'company_id' in self._fields
        for company in self.env.companies if with_company else self.env.company:
            closed = Domain(customer, 'any!', self._call_closed_domain(company))
            ours = Domain('company_id', '=', company.id) if with_company else Domain.TRUE
            unwanted |= ours & closed
        return unwanted

    @api.model
    def _call_blacklisted_domain(self):
        """Return the domain of the customers whose number nobody calls.

        :rtype: Domain
        """
        # sudo: phone.blacklist - only whether a number is on it
        numbers_sudo = self.env['phone.blacklist'].sudo()
        if not numbers_sudo.search_count([], limit=1):
            return Domain.FALSE
        query = numbers_sudo._search([]).subselect('number')
        return Domain('phone_sanitized', 'in', query) | (
            Domain('phone', 'in', [False, ''])
            & Domain('commercial_partner_id', 'any!', [('phone_sanitized', 'in', query)]))

    @api.model
    def _call_closed_domain(self, company):
        """Return the domain of the customers whom a company may not call at this hour.

        :rtype: Domain
        """
        calendar = company.call_calendar_id
        if not calendar:
            return Domain.FALSE
        zones = calendar._closed_zones(fields.Datetime.now())
        here = self.env['res.partner']._call_zone(company)
        return Domain('call_tz', 'in', [*zones, False] if here in zones else zones)

    def _call_cap_reached(self, outcome):
        """Do what an outcome says for the case that calling about the document has come to its end.

        Doing it again does nothing more: a mail is sent once per document and outcome, and there
        is one activity at a time.

        :param outcome: how the last call ended, a `crm.call.outcome`
        """
        self.ensure_one()
        {
            'nothing': lambda outcome: None,
            'lead': self._call_hand_to_lead,
            'mail': self._call_write_mail,
            'lost': self._call_give_up,
        }[outcome.then](outcome)

    def _call_hand_to_lead(self, outcome):
        """Give a lead of the call center an activity on the document."""
        lead = self._call_lead()
        self._call_plan_activity(
            'crm_calls.mail_activity_type_call_lead', lead,
            self.env._("%(calls)s calls, the last one: %(outcome)s",
                       calls=self.call_count, outcome=outcome.name),
            outcome.then_reason)

    def _call_give_up(self, outcome):
        """Note that nobody calls any more, and let the salesperson decide about the document."""
        reason = outcome.then_reason or outcome.name
        document = self._call_activity_document()
        if self._call_plan_activity(
            'crm_calls.mail_activity_type_call_given_up', self._call_salesperson(),
            self.env._("Not called any more: %s", reason), None,
        ):
            document._message_log(body=self.env._(
                "Nobody calls about %(document)s any more: %(reason)s",
                document=self.display_name, reason=reason))

    def _call_write_mail(self, outcome):
        """Send the customer the mail of an outcome, in his language, once for this outcome."""
        template = outcome.then_template_id
        document = self if template.model == self._name else self._call_partner()
        sent = self.call_ids.filtered(lambda call: call.outcome_id == outcome and call.mail_sent)
        if sent or template.model != document._name or not self._call_partner().email:
            return
        document.message_post_with_source(template, subtype_xmlid='mail.mt_comment')
        self.last_call_id.mail_sent = True

    def _call_plan_activity(self, kind, user, summary, note):
        """Plan an activity for `user` unless there is one of this kind already.

        :param str kind: the XML id of the type of activity
        :return: the new activity, or an empty recordset
        :rtype: mail.activity
        """
        document = self._call_activity_document()
        kind_id = self.env['ir.model.data']._xmlid_to_res_id(kind, raise_if_not_found=False)
        planned = document.activity_ids.filtered(
            lambda activity: activity.activity_type_id.id == kind_id)
        if not kind_id or not user or planned:
            return self.env['mail.activity']
        return document.activity_schedule(
            kind, user_id=user.id, summary=summary, note=note or '')

    def _call_activity_document(self):
        """Return where activities about the document are planned: there, or on its customer."""
        return self if 'activity_ids' in self._fields else self._call_partner()

    def _call_lead(self):
        """Return the lead who is handed the document: who has the fewest of them.

        :rtype: res.users
        """
        # sudo: res.users - who holds which role
        leads_sudo = self.env['res.users'].sudo().search([
            ('all_group_ids', 'in', self.env.ref(LEAD_GROUP).ids), ('share', '=', False),
            ('company_ids', 'in', (self.company_id or self.env.company).ids)])
        kind = self.env['ir.model.data']._xmlid_to_res_id('crm_calls.mail_activity_type_call_lead')
        # sudo: mail.activity - counted only
        busy = dict(self.env['mail.activity'].sudo()._read_group(
            [('user_id', 'in', leads_sudo.ids), ('activity_type_id', '=', kind)],
            ['user_id'], ['__count']))
        lead = min(
            leads_sudo, key=lambda user: (busy.get(user, 0), user.id), default=leads_sudo)
        return lead.sudo(self.env.su)

    def _call_salesperson(self):
        """Return who decides about a document nobody calls about any more.

        :rtype: res.users
        """
        return self.user_id if 'user_id' in self._fields else self._call_partner().user_id

    def _call_difficulty(self):
        """Return the payment difficulty to propose for the document; for models that know one.

        :rtype: crm.call.difficulty
        """
        return self.env['crm.call.difficulty']

    def _call_known_difficulty(self, outcome, difficulty):
        """Return `difficulty`, a record or an id, as a record that exists and is in use.

        :raise UserError: when it is none, or when the outcome asks for one and there is none
        """
        known = self.env['crm.call.difficulty']
        given = known.browse(difficulty) if isinstance(difficulty, int) else difficulty or known
        found = given.exists().filtered('active')
        if not found and (difficulty or outcome.ask_difficulty):
            raise UserError(self.env._(
                "%(document)s: say what keeps the customer from paying. Choose one of: %(known)s.",
                document=self.display_name,
                known=", ".join(known.search([], limit=50).mapped('name'))))
        return found
