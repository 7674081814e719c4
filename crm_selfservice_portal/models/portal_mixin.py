from odoo import fields, models
from odoo.http import request


class PortalMixin(models.AbstractModel):
    """Who is in the portal reads by his own rights: he needs no token, and might hand it on.

    Whoever has the token of a document acts on it as its customer, without any rights.
    """

    _inherit = 'portal.mixin'

    access_token = fields.Char(groups='base.group_user')

    def _portal_ensure_token(self):
        # sudo: a document of the portal - the token is for links in mails, and read by no customer
        return super(PortalMixin, self.sudo())._portal_ensure_token()

    def _reads_without_token(self):
        """Return whether a user of the portal asks, who needs no token: also when a page reads
        the document for him with all rights.

        :rtype: bool
        """
        if not self.env.su:
            return self.env.user._is_portal()
        return bool(request) and request.env.user._is_portal() and self.with_user(
            request.env.user).has_access('read')

    def _get_share_url(
            self, redirect=False, signup_partner=False, pid=None, share_token=True):
        return super()._get_share_url(
            redirect, signup_partner, pid, share_token and not self._reads_without_token())

    def get_portal_url(
            self, suffix=None, report_type=None, download=None, query_string=None, anchor=None):
        if not self._reads_without_token():
            return super().get_portal_url(suffix, report_type, download, query_string, anchor)
        self.ensure_one()
        query = '&'.join(filter(None, [
            f'report_type={report_type}' if report_type else '',
            'download=true' if download else '', (query_string or '').lstrip('&')]))
        return ''.join([
            self.access_url, suffix or '', f'?{query}' if query else '',
            f'#{anchor}' if anchor else ''])


class MailThread(models.AbstractModel):
    """Writing under a document is signed with its token, which its reader does not read."""

    _inherit = 'mail.thread'

    def _sign_token(self, pid):
        # sudo: a document of the portal - a signature does not tell the token
        return super(MailThread, self.sudo())._sign_token(pid)
