from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from odoo.addons.mail.tests.common import MockEmail

from .common import RequestCommon

EML = Path(__file__).with_name('eml')


class MailRequestCommon(RequestCommon, MockEmail):
    """A company at requests.example, to whose service@ customers write about everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.env['crm.request.type'].union(*cls.types.values())
         - cls.types['payment']).confirm_automatically = True
        cls.colleague.email = 'colleague@requests.example'
        cls.company = cls.env.company
        cls.domain = cls.env['mail.alias.domain'].create({
            'name': 'requests.example', 'bounce_alias': 'bounce', 'catchall_alias': 'catchall',
            'default_from': 'notifications', 'company_ids': [(4, cls.company.id)]})
        cls.company.write({
            'alias_domain_id': cls.domain.id, 'request_alias_name': 'service',
            'request_default_type_id': cls.types['help'].id,
            'email': 'office@requests.example'})
        cls.gateway = cls.env['mail.thread'].with_user(cls.env.ref('base.user_root'))

    @classmethod
    def _mail(cls, name, **places):
        """Return the source of a mail.

        :param str name: of a file in the folder `eml`
        :param places: what stands for `{name}` in it
        """
        source = (EML / f'{name}.eml').read_bytes()
        for place, value in places.items():
            source = source.replace(b'{%s}' % place.encode(), value.encode())
        return source

    @classmethod
    def _built(cls, text="Hello", attachments=(), **headers):
        """Return the source of a mail that is made here, not read from a file."""
        message = EmailMessage(policy=SMTP)
        for name, value in {
                'Message_Id': '<built@mail.example.com>', 'From': 'acorn@example.com',
                'To': 'service@requests.example', 'Subject': "Bench", **headers}.items():
            message[name.replace('_', '-')] = value
        message.set_content(text)
        for name, content in attachments:
            message.add_attachment(
                content, maintype='application', subtype='octet-stream', filename=name)
        return message.as_bytes()

    def _receive(self, source, **options):
        """Let the gateway handle a mail; what it answers is mocked, and in `self._new_mails`."""
        with self.mock_mail_gateway():
            result = self.gateway.message_process(options.pop('model', False), source, **options)
            self.env.cr.flush()
        return result

    def _received(self, source, **options):
        """Return the requests that a mail became, none or more."""
        before = self.env['crm.request'].search([])
        kept = self.env['crm.mail.quarantine'].search([])
        self._receive(source, **options)
        self.assertEqual(
            (self.env['crm.mail.quarantine'].search([]) - kept).mapped('error'), [])
        return self.env['crm.request'].search([]) - before

    def _reply(self, sender, subject, mid='reply'):
        return self._mail('reply', sender=sender, subject=subject, mid=mid)
