from markupsafe import Markup

from odoo import api, models
from odoo.tools.mail import email_normalize, email_normalize_all

from .inbound_mail import (
    is_auto_reply,
    is_automatic,
    is_forged,
    subject_words,
    wants_no_answer,
)
from .mail_thread import StrayAutoReply


class CrmRequest(models.Model):
    """To which request a mail belongs, and whether its sender may write there."""

    _inherit = 'crm.request'

    @api.model
    def _is_numbered(self, subject):
        """Tell whether a subject holds a registration number, or what looks like one.

        :param str subject: the subject of a mail
        :rtype: bool
        """
        words = subject_words(subject)
        return bool(words) and bool(self._numbered(words) or self._look_like_numbers(words))

    @api.model
    def _numbered(self, words):
        # sudo: crm.request - whoever delivers a mail, it belongs to the request it names
        return self.sudo()._find_by_number(words)

    @api.model
    def _look_like_numbers(self, words):
        """Tell whether some words are made like the numbers of a type, if only by mistake."""
        # sudo: crm.request.type - only the codes are read
        types_sudo = self.env['crm.request.type'].sudo().with_context(active_test=False)
        codes = {code.upper() for code in types_sudo.search([]).mapped('code')}
        return any(word.split('/')[0].split('-')[0] in codes for word in words)

    @api.model
    def _route_mail(self, routes, message, message_dict):
        """Direct a mail to the request it is about, or to a new one: to one only.

        What a stranger writes about a request waits until he has proved himself.

        :param list routes: where the gateway wants to send it, by :meth:`message_route`
        :param message: the `email.message.EmailMessage`
        :param dict message_dict: what was read from it
        :return: where it goes
        :rtype: list
        :raise StrayAutoReply: if a machine answers to no request
        """
        mine = [route for route in routes if route[0] == 'crm.request']
        if not mine:
            return routes
        others = [route for route in routes if route not in mine]
        if is_automatic(message) and not others:
            message_dict['is_automatic'] = True
        route = self._one_route(mine)
        meant, words = self._meant(route, message_dict)
        partners = self._partners_of_sender(message, message_dict)
        party = meant.filtered(lambda request: request._is_party(
            self._address_of_sender(message, message_dict), partners))
        if party:
            return [*others, ('crm.request', party[0].id, *route[2:])]
        if meant or self._look_like_numbers(words) and not self._is_staff(partners):
            # sudo: crm.request.unconfirmed - whoever delivers it, it waits for the staff
            self.env['crm.request.unconfirmed'].sudo()._keep(
                meant[:1], message, message_dict, route)
            return others
        if is_auto_reply(message):
            raise StrayAutoReply(self.env._("It answers to no request."))
        return [*others, self._route_to_new(route, message, message_dict)]

    @api.model
    def _one_route(self, routes):
        """Choose where a mail goes that was written to several of our addresses."""
        threads = [route for route in routes if route[1]]
        if threads:
            return threads[0]
        by_type = {(route[2] or {}).get('type_id'): route for route in reversed(routes)}
        types = self.env['crm.request.type'].search([('id', 'in', list(by_type))], limit=1)
        return by_type.get(types.id, routes[0])

    @api.model
    def _meant(self, route, message_dict):
        """Return the requests a mail may be about, and the words that may be numbers."""
        words = subject_words(message_dict.get('subject') or '')
        # sudo: crm.request - whoever delivers a mail, it belongs to what it answers
        requests_sudo = self.sudo()
        if route[1]:
            return requests_sudo.browse(route[1]).exists()._survivors(), []
        return (self._numbered(words) if words else requests_sudo.browse()), words

    @api.model
    def _address_of_sender(self, message, message_dict):
        """Return the address of the sender; none if his mail is forged."""
        return not is_forged(message) and email_normalize(
            message_dict['email_from'], strict=False) or ''

    @api.model
    def _partners_of_sender(self, message, message_dict):
        address = self._address_of_sender(message, message_dict)
        # sudo: res.partner - the gateway knows everybody
        return self.env['res.partner'].sudo().search(
            [('email_normalized', '=', address)]) if address else self.env['res.partner']

    @api.model
    def _is_staff(self, partners):
        # sudo: res.users - only who is a colleague
        return any(user._is_internal() for user in partners.sudo().user_ids)

    def _is_party(self, address, partners):
        """Tell whether who writes takes part in the request.

        :param str address: his normalized address
        :param partners: those who have it
        :rtype: bool
        """
        self.ensure_one()
        companies = self.commercial_partner_id | self.assigned_partner_id.commercial_partner_id
        return bool(address) and bool(
            address in (self.email_normalized, *email_normalize_all(self.email_cc or ''))
            or partners.commercial_partner_id & companies
            or partners & self.message_partner_ids
            or self._is_staff(partners))

    @api.model
    def _route_to_new(self, route, message, message_dict):
        values = dict(route[2] or {})
        if is_forged(message):
            values['partner_id'] = False
            message_dict['body'] = Markup("<p><strong>%s</strong></p>%s") % (
                self.env._("This mail may be forged: its sender's server did not send it."),
                Markup(message_dict.get('body') or ''))
        return ('crm.request', False, values, *route[3:])

    @api.model
    def _mail_was_handled(self, routes, message, request_id):
        """Confirm the receipt of a mail that became a request, if its sender wants to hear.

        :param list routes: where the mail went, the request last
        :param message: the `email.message.EmailMessage`
        :param int request_id: the document that the last route led to
        """
        if not routes or routes[-1][0] != 'crm.request' or routes[-1][1]:
            return
        if not wants_no_answer(message) and not is_forged(message):
            self.browse(request_id)._confirm_automatically()
