from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html
from odoo.tools.misc import format_datetime

# So many calls may wait for one person.
CALLS_WAITING = 3


class CrmRequest(models.Model):
    """A customer may ask to be called back."""

    _inherit = 'crm.request'

    @api.model
    def _ask_for_call(self, user, when, phone, note):
        """Make the request of a user of the portal to be called back.

        :param user: who wants to be called, a `res.users`
        :param datetime when: in UTC
        :param str phone: the number to call
        :param str note: what it is about
        :return: the request; the one there is when he asks for the same again, and none when
            too many wait
        :rtype: crm.request
        """
        name = self.env._(
            "Call back on %(when)s",
            when=format_datetime(self.env, when, dt_format='short'))
        # sudo: crm.request - a customer asks, though he may not make requests himself
        requests_sudo = self.sudo()
        waiting = requests_sudo.search(
            self._pending_domain() & Domain('partner_id', '=', user.partner_id.id)
            & Domain('channel', '=', 'portal') & Domain('kind', '=', 'help'))
        if same := waiting.filtered(lambda request: request.name == name):
            return same[0]
        if len(waiting) >= CALLS_WAITING:
            return waiting.browse()
        request_sudo = requests_sudo.create(
            self._prepare_call_values(user, phone, note) | {'name': name})
        request_sudo._plan_call(when)
        return request_sudo

    @api.model
    def _prepare_call_values(self, user, phone, note):
        return {
            'type_id': self.env.ref('crm_service_requests.crm_request_type_help').id,
            'channel': 'portal',
            'partner_id': user.partner_id.id,
            'user_id': user._portal_contact().id,
            'phone': phone,
            'description': plaintext2html(note),
            'company_id': self.env.company.id,
        }

    def _plan_call(self, when):
        """Remind who is responsible for the request of the call."""
        if self.user_id:
            self.activity_schedule(
                'mail.mail_activity_data_call', user_id=self.user_id.id, summary=self.name,
                date_deadline=fields.Datetime.context_timestamp(
                    self.with_user(self.user_id), when).date())
