from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize

from .inbound_mail import MACHINES

# A request that is made by hand or on a page; mails are confirmed by the gateway.
CONFIRMED_CHANNELS = ('web', 'portal', 'phone')
ANSWERS_PER_HOUR = 5
ANSWERS_PARAMETER = 'crm_service_requests.confirmations_per_hour'


class CrmRequest(models.Model):
    """Who asks is told the registration number, once."""

    _inherit = 'crm.request'

    confirmed_at = fields.Datetime(
        "Confirmed", readonly=True, copy=False,
        help="When the customer was told the registration number by mail.")
    unconfirmed_ids = fields.One2many(
        'crm.request.unconfirmed', 'request_id', "Unconfirmed Mails",
        domain=[('state', '=', 'waiting')])
    unconfirmed_count = fields.Integer(
        "Mails Waiting", compute='_compute_unconfirmed_count', compute_sudo=True)

    @api.depends('unconfirmed_ids')
    def _compute_unconfirmed_count(self):
        counts = dict(self.env['crm.request.unconfirmed']._read_group(
            [('request_id', 'in', self.ids), ('state', '=', 'waiting')],
            ['request_id'], ['__count']))
        for request in self:
            request.unconfirmed_count = counts.get(request._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        if not self.env.context.get('import_file'):
            requests.filtered(
                lambda request: request.channel in CONFIRMED_CHANNELS)._confirm_automatically()
        return requests

    def _follow_up(self, message):
        request = super()._follow_up(message)
        request.filtered(lambda new: new.follows_id == self)._confirm_automatically()
        return request

    def action_confirm_receipt(self):
        """Open a mail with the registration number, to be sent by hand.

        :raise UserError: if the request's type has no text for it
        """
        self.ensure_one()
        template = self.type_id.confirm_template_id
        if not template:
            raise UserError(self.env._(
                "%(request)s: the type \"%(type)s\" has no confirmation. Choose one on the type.",
                request=self.display_name, type=self.type_id.name))
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Send Confirmation"),
            'res_model': 'mail.compose.message',
            'view_mode': 'form',
            'target': 'new',
            'context': {
                'default_model': self._name,
                'default_res_ids': self.ids,
                'default_template_id': template.id,
                'default_composition_mode': 'comment',
                # Not an answer, and not counted as one.
                'default_message_type': 'auto_comment',
                'default_email_layout_xmlid': 'mail.mail_notification_light',
                'force_email': True,
            },
        }

    def _confirm_automatically(self):
        """Mail the registration number of those requests whose types ask for it, once."""
        # sudo: crm.request - the system confirms, whoever has made the request
        for request in self.sudo().filtered(
                lambda request: request.type_id.confirm_automatically
                and request.type_id.confirm_template_id
                and not request.confirmed_at):
            if request._may_answer(request.email_normalized):
                request._send_confirmation()

    def _send_confirmation(self):
        """Mail the registration number, and remember it in the same transaction.

        Of two processes the second waits for the first, fails, and does not send again.
        """
        self.ensure_one()
        self.confirmed_at = fields.Datetime.now()
        self.flush_recordset(['confirmed_at'])
        self.type_id.confirm_template_id.send_mail_batch(
            self.ids, email_layout_xmlid='mail.mail_notification_light',
            email_values={
                'headers': repr(self._machine_headers()),
                'reply_to': self._notify_get_reply_to()[self.id]})

    def _confirmed_with(self, template):
        """Remember that requests were confirmed by hand, if this was the mail for it.

        :param template: the `mail.template` that was sent
        """
        # sudo: crm.request - whoever may write to the customer has told him the number
        self.sudo().filtered(
            lambda request: template and request.type_id.confirm_template_id == template
        ).confirmed_at = fields.Datetime.now()

    @api.model
    def _may_answer(self, address):
        """Tell whether a machine may write to an address: not to itself, and not too often.

        :param str address: a normalized address
        :rtype: bool
        """
        if not address or MACHINES.match(address) or self._is_own_address(address):
            return False
        since = fields.Datetime.now() - timedelta(hours=1)
        # sudo: ir.config_parameter - a limit that holds for everybody
        limit = int(self.env['ir.config_parameter'].sudo().get_param(
            ANSWERS_PARAMETER) or ANSWERS_PER_HOUR)
        # sudo: crm.request, crm.request.unconfirmed - how often, and no more, is asked
        confirmed = self.sudo().search_count(
            [('email_normalized', '=', address), ('confirmed_at', '>=', since)], limit=limit)
        # sudo: crm.request.unconfirmed - the same
        asked = self.env['crm.request.unconfirmed'].sudo()._recent_count(address, since)
        return confirmed + asked < limit

    @api.model
    def _is_own_address(self, address):
        """Tell whether mails to an address come back to us."""
        # sudo: mail.alias.domain, fetchmail.server - only whether the address is ours
        return bool(self.env['mail.alias.domain'].sudo()._find_aliases([address])) or bool(
            self.env['fetchmail.server'].sudo().search_count([('user', '=ilike', address)], limit=1)
        ) or address in {
            email_normalize(company.email) for company in self.env['res.company'].sudo().search([])
            if company.email}

    @api.model
    def _machine_headers(self):
        """Return headers by which other machines know that they need not answer."""
        return {'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All'}
