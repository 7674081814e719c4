from email.message import EmailMessage

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.mail import (
    email_normalize,
    email_split,
    formataddr,
    html2plaintext,
    plaintext2html,
)

from .inbound_mail import forwarded_sender, with_line_breaks, without_forward_prefix

# Characters of a mail that are shown and kept as text.
MAX_TEXT = 200_000
MAX_SUBJECT = 250
LIMIT = 'crm_service_requests.mail_limit'
DEFAULT_LIMIT = 25


class CrmRequest(models.Model):
    """Mails that become requests, or go on with one."""

    _inherit = 'crm.request'

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        self._fit_mail(msg_dict)
        values = dict(custom_values or {})
        company = self._company_of_mail(msg_dict, values)
        origin = self._origin_of_mail(msg_dict, values, company)
        if not values.get('type_id'):
            values['type_id'] = self._recognise_type(msg_dict, company).id
        subject = without_forward_prefix(msg_dict.get('subject') or '')
        request = super().message_new({**msg_dict, 'email_from': origin['email_from']}, {
            **values,
            'name': subject[:MAX_SUBJECT] or self.env._("No Subject"),
            'company_id': company.id,
            'partner_id': origin['partner_id'],
            'channel': origin['channel'],
            'description': html2plaintext(msg_dict['body']).strip() and msg_dict['body'] or False,
        })
        request.message_subscribe(origin['followers'])
        return request

    def message_update(self, msg_dict, update_vals=None):
        self._fit_mail(msg_dict)
        if msg_dict.get('is_automatic'):
            # What a machine wrote is a note, and not told to the customer or the outside party.
            msg_dict['is_internal'] = True
        return super().message_update(msg_dict, update_vals)

    @api.model
    def _company_of_mail(self, msg_dict, values):
        """Return the company that was written to."""
        if values.get('company_id'):
            return self.env['res.company'].browse(values['company_id'])
        kind = self.env['crm.request.type'].browse(values.get('type_id') or [])
        if kind.company_id:
            return kind.company_id
        names = {address.partition('@')[2].lower()
                 for address in email_split(msg_dict.get('recipients') or '')}
        companies = self.env['mail.alias.domain'].search([('name', 'in', list(names))]).company_ids
        return self.env.company if self.env.company in companies or not companies else companies[0]

    # Who asks

    @api.model
    def _origin_of_mail(self, msg_dict, values, company):
        """Tell from whom a request comes that was mailed, and how.

        :return: values of the request, and the ids of the ``followers``
        :rtype: dict
        """
        sender = msg_dict.get('email_from') or ''
        origin = {'email_from': sender, 'partner_id': False, 'channel': 'mail', 'followers': []}
        if 'partner_id' in values:
            return origin | {'partner_id': values['partner_id']}
        if company._is_fax_sender(sender) and msg_dict.get('attachments'):
            return origin | {'email_from': '', 'channel': 'fax'}
        colleague = self._mail_find_user_for_gateway(sender)
        if colleague and colleague._is_internal():
            origin['followers'] = colleague.partner_id.ids
            sender = self._forwarded_sender(msg_dict)
            origin['email_from'] = sender or origin['email_from']
        origin['partner_id'] = self._customer_with_address(
            email_normalize(sender, strict=False), company).id
        return origin

    @api.model
    def _forwarded_sender(self, msg_dict):
        """Return who wrote the mail that a colleague forwards, empty if that cannot be read."""
        for attachment in msg_dict.get('attachments') or ():
            if isinstance(attachment[1], EmailMessage):
                return str(attachment[1].get('From') or '')
        text = html2plaintext(
            with_line_breaks(msg_dict.get('body') or ''), include_references=False)
        found = forwarded_sender(text[:MAX_TEXT])
        return formataddr(found) if found else ''

    @api.model
    def _customer_with_address(self, address, company):
        """Return the customer who has an address: rather one of the company than of all of them.

        :param str address: a normalized address
        :param company: the `res.company` that was written to
        :rtype: res.partner
        """
        if not address:
            return self.env['res.partner']
        return self.env['res.partner'].search(
            Domain('email_normalized', '=', address) & Domain('partner_share', '=', True)
            & Domain('company_id', 'in', [False, company.id]), order='id',
        ).sorted(lambda partner: (
            partner.company_id == company, partner.customer_rank > 0), reverse=True)[:1]

    # What is asked

    @api.model
    def _recognise_type(self, msg_dict, company):
        """Return the type a mail is of: by its address, or the words of its subject or its text.

        :param dict msg_dict: what was read from the mail
        :param company: the `res.company` that was written to
        :rtype: crm.request.type
        """
        types = self.env['crm.request.type'].search([('company_id', 'in', [False, company.id])])
        recipients = {
            email_normalize(email) for email in email_split(msg_dict.get('recipients') or '')}
        text = html2plaintext(msg_dict.get('body') or '')[:MAX_TEXT]
        return (
            types.filtered(lambda kind: kind._has_address(recipients))[:1]
            or types.filtered(lambda kind: kind._has_keyword(msg_dict.get('subject') or ''))[:1]
            or types.filtered(lambda kind: kind._has_keyword(text))[:1]
            or company.request_default_type_id
            or types[:1])

    # What is kept of it

    @api.model
    def _fit_mail(self, msg_dict):
        """Shorten what is too long, and leave out the attachments beyond the limit by name.

        :param dict msg_dict: what was read from the mail, which is changed
        """
        body = msg_dict.get('body') or ''
        attachments = list(msg_dict.get('attachments') or [])
        notes = []
        if len(body) > MAX_TEXT:
            attachments.append(('text.html', str(body)))
            body = plaintext2html(html2plaintext(body[:2 * MAX_TEXT])[:MAX_TEXT])
            notes.append(self.env._("The text is longer than what is shown here."))
        kept, left_out = self._within_limit(attachments)
        if left_out:
            notes.append(self.env._(
                "Left out, because the mail is too large: %(names)s.",
                names=", ".join(left_out)))
        if notes:
            body = Markup("%s<p><em>%s</em></p>") % (Markup(body), " ".join(notes))
        msg_dict.update(body=body, attachments=kept)

    @api.model
    def _within_limit(self, attachments):
        """Divide attachments into those that are kept, small ones first, and names of others."""
        # sudo: ir.config_parameter - a limit that holds for everybody
        parameters_sudo = self.env['ir.config_parameter'].sudo()
        left = int(parameters_sudo.get_param(LIMIT) or DEFAULT_LIMIT) * 1024 ** 2
        fitting, left_out = set(), []
        sizes = [len(bytes(attachment[1]) if isinstance(attachment[1], EmailMessage)
                     else attachment[1] or b'') for attachment in attachments]
        for position in sorted(range(len(attachments)), key=sizes.__getitem__):
            left -= sizes[position]
            if left >= 0:
                fitting.add(position)
            else:
                left_out.append(attachments[position][0])
        return [
            attachment for position, attachment in enumerate(attachments)
            if position in fitting], left_out

    # What goes back

    def _message_receive_bounce(self, email, partner):
        """Tell the responsible that a mail about his request could not be delivered."""
        super()._message_receive_bounce(email, partner)
        for request in self:
            request.message_post(
                body=self.env._(
                    "A mail to %(address)s could not be delivered. Reach the customer in another "
                    "way, or correct the address.", address=email),
                subtype_xmlid='mail.mt_note', message_type='notification',
                partner_ids=request.user_id.partner_id.ids)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [('email_normalized', '=', email_from_normalized)]

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        addresses = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        # sudo: crm.request - whoever answers, the address is that of the type or the company
        for request in self.sudo():
            if address := request.type_id.alias_email or request.company_id.request_alias_email:
                addresses[request.id] = request._notify_get_reply_to_formatted_email(
                    address, author_id=(author_ids or {}).get(request.id, False))
        return addresses
