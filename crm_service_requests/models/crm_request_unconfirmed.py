from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import hash_sign, verify_hash_signed
from odoo.tools.mail import email_normalize

from .inbound_mail import wants_no_answer

SCOPE = 'crm_service_requests.unconfirmed'
LINK_HOURS = 72


class CrmRequestUnconfirmed(models.Model):
    """What somebody wrote about a request in which he has no part, until he proves himself."""

    _name = 'crm.request.unconfirmed'
    _description = "Unconfirmed Mail"
    _order = 'date_received DESC, id DESC'

    name = fields.Char("Subject", readonly=True)
    request_id = fields.Many2one(
        'crm.request', readonly=True, index='btree_not_null', ondelete='cascade',
        help="The request whose number he wrote. Empty: there is none with that number.")
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    state = fields.Selection(
        [('waiting', "Waiting"), ('proved', "Address Confirmed"), ('accepted', "Accepted"),
         ('refused', "Refused")], "Status", default='waiting', required=True, readonly=True)
    email_from = fields.Char("From", readonly=True)
    email_normalized = fields.Char("Address", readonly=True)
    date_received = fields.Datetime(
        "Received", default=fields.Datetime.now, required=True, readonly=True)
    body = fields.Html("Text", readonly=True, sanitize_attributes=False)
    attachment_ids = fields.Many2many('ir.attachment', string="Attachments", readonly=True)
    message_id = fields.Char("Message-Id", readonly=True)
    is_automatic = fields.Boolean("Written by a Machine", readonly=True)
    is_asked = fields.Boolean("Link Sent", readonly=True)
    values = fields.Json(readonly=True, help="Of what becomes a new request.")
    user_id = fields.Many2one('res.users', "Decided by", readonly=True)

    _waiting_idx = models.Index("(request_id) WHERE state = 'waiting'")
    _recent_idx = models.Index("(email_normalized, date_received) WHERE is_asked IS TRUE")

    @api.model
    def _keep(self, request, message, message_dict, route):
        """Keep what a stranger wrote, and ask him once to prove himself.

        He is asked in the same way if there is no request with that number.

        :param request: the `crm.request` he means, or none
        :param message: the `email.message.EmailMessage`
        :param dict message_dict: what was read from it
        :param tuple route: where the gateway would have sent it
        :rtype: crm.request.unconfirmed
        """
        requests = self.env['crm.request']
        requests._fit_mail(message_dict)
        values = dict(route[2] or {})
        company = request.company_id or requests._company_of_mail(message_dict, values)
        waiting = self.create({
            'name': message_dict.get('subject'),
            'request_id': request.id,
            'company_id': company.id,
            'email_from': message_dict['email_from'],
            'email_normalized': email_normalize(message_dict['email_from'], strict=False),
            'body': message_dict.get('body'),
            'message_id': message_dict['message_id'],
            'is_automatic': bool(message_dict.get('is_automatic')),
            'values': {**values, 'company_id': company.id} | (
                {} if values.get('type_id') else {
                    'type_id': requests._recognise_type(message_dict, company).id}),
        })
        waiting._take_attachments(message_dict.get('attachments') or ())
        if not wants_no_answer(message) and requests._may_answer(waiting.email_normalized):
            waiting._ask_for_proof()
        return waiting

    def _take_attachments(self, attachments):
        values = self.env['mail.thread']._process_attachments_for_post(
            attachments, [], {'model': self._name, 'res_id': self.id, 'body': self.body})
        self.attachment_ids = values.get('attachment_ids', [])
        if values.get('body'):
            self.body = values['body']

    # How a stranger proves himself

    def _ask_for_proof(self):
        """Mail the sender a link by which he proves that the address is his."""
        self.is_asked = True
        template = self.env.ref('crm_service_requests.mail_template_request_prove')
        template.send_mail_batch(
            self.ids, email_layout_xmlid='mail.mail_notification_light',
            email_values={'headers': repr(self.env['crm.request']._machine_headers())})

    def _proof_url(self):
        """Return the link by which the sender proves himself; it expires.

        :rtype: str
        """
        self.ensure_one()
        # sudo: ir.config_parameter - the secret with which the database signs
        token = hash_sign(
            self.sudo().env, SCOPE, [self.id, self.email_normalized],
            expiration=timedelta(hours=LINK_HOURS))
        return f'{self.get_base_url()}/requests/prove/{token}'

    @api.model
    def _of_token(self, token):
        """Return what a link is about; nothing if it is wrong or too old.

        :param str token: the end of the link
        :rtype: crm.request.unconfirmed
        """
        try:
            # sudo: ir.config_parameter - the secret with which the database signs
            values = verify_hash_signed(self.sudo().env, SCOPE, token)
        except ValueError:
            values = None
        if not values:
            return self.browse()
        return self.browse(values[0]).exists().filtered(
            lambda mail: mail.email_normalized == values[1])

    def _prove(self):
        """Hand over to the staff what was written from an address that is proved."""
        self.ensure_one()
        if not self.try_lock_for_update().filtered(lambda mail: mail.state == 'waiting'):
            return
        meant = self.request_id
        self.state = 'proved'
        message = self._post(subtype_xmlid='mail.mt_note')
        if meant and not self.is_automatic:
            meant._survivors()._heard_from_outside(message)

    # What the staff decides

    def action_accept(self):
        """Take the mails up into their requests, as those of somebody who takes part.

        :raise AccessError: if the user may not work on a request
        :raise UserError: if a mail was decided already
        """
        self._decide('accepted')
        # sudo: crm.request.unconfirmed - who works on the request decides
        for mail_sudo in self.sudo():
            mail_sudo._post(subtype_xmlid='mail.mt_comment')

    def action_refuse(self):
        """Leave the mails out of their requests.

        :raise AccessError: if the user may not work on a request
        :raise UserError: if a mail was decided already
        """
        self._decide('refused')

    def _decide(self, state):
        self.check_access('read')
        self.request_id.check_access('write')
        for mail in self.filtered(lambda mail: mail.state != 'waiting'):
            raise UserError(self.env._(
                "The mail \"%(mail)s\" was decided already. Reload the page.", mail=mail.name))
        # sudo: crm.request.unconfirmed - who works on the request decides
        self.sudo().write({'state': state, 'user_id': self.env.uid})

    def _post(self, **values):
        """Write the mail under its request in the name of its sender.

        :param values: of :meth:`mail.thread.message_post`
        :return: the `mail.message`
        """
        self.ensure_one()
        if not self.request_id:
            self.request_id = self._make_request()
        request = self.request_id._survivors()
        author = self.env['mail.thread']._partner_find_from_emails_single(
            [self.email_from], no_create=True)[:1]
        self.attachment_ids.write({'res_model': request._name, 'res_id': request.id})
        message = request.with_context(mail_post_autofollow_author_skip=True).message_post(
            body=self._marked_body(), subject=self.name, message_type='email',
            email_from=self.email_from, author_id=author.id,
            is_automatic=self.is_automatic, message_id=self.message_id, **values)
        message.attachment_ids = [Command.set(self.attachment_ids.ids)]
        return message

    def _marked_body(self):
        return self.env['ir.qweb']._render(
            'crm_service_requests.unconfirmed_body', {'mail': self}, minimal_qcontext=True)

    def _make_request(self):
        """Make the request of a mail that names none."""
        request = self.env['crm.request'].with_company(self.company_id).message_new({
            'subject': self.name, 'email_from': self.email_from, 'body': self.body,
            'message_id': self.message_id}, self.values)
        request._confirm_automatically()
        return request

    @api.model
    def _recent_count(self, address, since):
        """Return how often an address was asked since a time."""
        return self.search_count(
            Domain('email_normalized', '=', address) & Domain('is_asked', '=', True)
            & Domain('date_received', '>=', since))
