import base64
import logging
import random
import time

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .inbound_mail import is_broken_image, mail_source, mend_charsets, message_id

_logger = logging.getLogger(__name__)
# What another process that works at the same time may bring about.
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError, UniqueViolation)
# How often a mail that met other work is handled anew at once.
TRIES = 5


class MailKeptAside(Exception):
    """Why a mail is not handled now, though nothing went wrong."""

    reason = 'error'


class UnroutableMail(MailKeptAside, ValueError):
    """No address of ours, no request and no thread is meant by the mail."""

    reason = 'address'


class LoopingMail(MailKeptAside):
    """Too many mails came from one sender in a short time."""

    reason = 'loop'


class StrayAutoReply(MailKeptAside):
    """A machine answers to nothing that is known."""

    reason = 'auto_reply'


class MailThread(models.AbstractModel):
    """A mail that comes in is handled once, or kept aside: it is never lost."""

    _inherit = 'mail.thread'

    @api.model
    def message_process(self, model, message, custom_values=None,
                        save_original=False, strip_attachments=False,
                        thread_id=None):
        """Handle a mail once, however often it is delivered, or keep it in the quarantine.

        What a mail server hands over itself and nobody expects is refused as ever: so the
        server tells the sender.

        :return: id of the document, or False if the mail was known or is kept aside
        :rtype: int | bool
        :raise ValueError: if no address of ours is meant, and the mail was not fetched by us
        :raise AccessError: for a user of the portal
        """
        # A mail server hands them over as one of the employees.
        self.env['crm.request'].check_access('create')
        source = mail_source(message)
        options = {
            'model': model or False, 'custom_values': custom_values or {},
            'save_original': save_original, 'strip_attachments': strip_attachments,
            'thread_id': thread_id or False}
        try:
            return self._handle_mail(source, options)
        except UnroutableMail as error:
            if not self._is_fetched():
                raise
            return self._keep_mail(source, options, error)
        except Exception as error:
            return self._keep_mail(source, options, error)

    @api.model
    def _is_fetched(self):
        """Return whether we took the mail from a mailbox, where it will be deleted."""
        return 'default_fetchmail_server_id' in self.env.context

    @api.model
    def _handle_mail(self, source, options):
        """Handle a mail; what met other work is handled anew, in transactions of its own.

        :param bytes source: the mail
        :param dict options: the other parameters of :meth:`message_process`
        """
        try:
            result = self._handle_mail_once(source, options)
            if self._is_fetched():
                # The mailbox forgets the mail when we return, so it has to be safe by then.
                self.env['ir.cron']._commit_progress()
            return result
        except CONFLICTS:
            if self._is_fetched():
                self.env.cr.rollback()
            for attempt in range(1, TRIES):
                time.sleep(random.uniform(0, 0.05 * 2 ** attempt))
                try:
                    return self._handle_mail_apart(source, options)
                except CONFLICTS:
                    _logger.info("A mail met other work for the %s. time.", attempt + 1)
            raise

    @api.model
    def _handle_mail_apart(self, source, options):
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '10s'")
            return self.with_env(self.env(cr=cr))._handle_mail_once(source, options)

    @api.model
    def _handle_mail_once(self, source, options):
        with self.env.cr.savepoint():
            # sudo: crm.mail.receipt - whoever delivers a mail notes that it is here
            if self.env['crm.mail.receipt'].sudo()._take(message_id(source)):
                return self._handle_source(source, options)
        _logger.info("A mail with the Message-Id %s was delivered again.", message_id(source))
        return False

    @api.model
    def _handle_source(self, source, options):
        """Let Odoo handle a mail.

        :param bytes source: the mail
        :param dict options: the other parameters of :meth:`message_process`
        """
        return super().message_process(message=source, **options)

    @api.model
    def _keep_mail(self, source, options, error):
        """Keep a mail aside that could not be handled, so that it can be tried again.

        :param bytes source: the mail
        :param dict options: the other parameters of :meth:`message_process`
        :param Exception error: why
        :return: False: the mail became nothing so far
        """
        _logger.info("A mail is kept aside: %s", message_id(source), exc_info=error)
        if not self._is_fetched():
            # sudo: crm.mail.quarantine - whoever delivers a mail may not read the others
            self.env['crm.mail.quarantine'].sudo()._keep(source, options, error)
            return False
        try:
            self.env.cr.rollback()
            # sudo: crm.mail.quarantine - whoever fetches a mail may not read the others
            self.env['crm.mail.quarantine'].sudo()._keep(source, options, error)
            self.env['ir.cron']._commit_progress()
        except Exception:
            # Without its cursor the mailbox is left alone, and the mail stays in it.
            self.env.cr.close()
            raise
        return False

    # What Odoo asks on the way

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        mend_charsets(message)
        return super()._message_parse_extract_payload(
            message, message_dict, save_original=save_original)

    def _create_attachments_for_post(self, values_list, extra_list):
        for values in values_list:
            if is_broken_image(values['name'], base64.b64decode(values['datas'])):
                # As a picture it would be made smaller, which fails.
                values['name'] = f"{values['name']}.bin"
        return super()._create_attachments_for_post(values_list, extra_list)

    @api.model
    def message_parse(self, message, save_original=False):
        return {
            # The database knows no text with this character.
            name: value.replace('\0', '') if isinstance(value, str) else value
            for name, value in super().message_parse(
                message, save_original=save_original).items()}

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        if super()._detect_loop_sender(message, message_dict, routes):
            raise LoopingMail(self.env._(
                "%(sender)s has written too often in a short time.",
                sender=message_dict['email_from']))
        return False

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        requests = self.env['crm.request']
        subject = message_dict.get('subject') or ''
        if not model and requests._is_numbered(subject):
            model = 'crm.request'
        try:
            routes = super().message_route(
                message, message_dict, model=model, thread_id=thread_id,
                custom_values=custom_values)
        except ValueError as error:
            raise UnroutableMail(str(error)) from error
        return requests._route_mail(routes, message, message_dict)

    @api.model
    def _detect_write_to_catchall(self, msg_dict):
        # Who writes the number of his request need not know its address.
        return not self.env['crm.request']._is_numbered(msg_dict.get('subject') or '') and (
            super()._detect_write_to_catchall(msg_dict))

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # Without its alias a route that fails tells the sender nothing: his mail is kept.
        aliases = self.env['mail.alias'].union(*(route[4] for route in routes if route[4]))
        result = super()._message_route_process(
            message, message_dict, [(*route[:4], None) for route in routes])
        # sudo: mail.alias - what Odoo notes of an address that works
        aliases.sudo().filtered(lambda alias: alias.alias_status != 'valid').alias_status = 'valid'
        self.env['crm.request']._mail_was_handled(routes, message, result)
        return result

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {'is_automatic'}
