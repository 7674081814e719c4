import re

from odoo.tests import HttpCase

from .common import SelfServiceCommon

RIGHTS = ('view', 'buy', 'pay', 'request', 'technical', 'administer')


class RequestPortalCommon(SelfServiceCommon, HttpCase):
    """Ann and Ben of Acorn Joinery ask, Bea of Birch & Sons looks on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            name: cls.env.ref(f'crm_service_requests.crm_request_type_{name}') for name in (
                'information', 'service', 'warranty', 'return', 'complaint', 'accounting', 'debt',
                'help')}
        cls.env['crm.request.type'].search([]).write(
            {'confirm_automatically': False, 'solution_required': False})
        parameters = cls.env['ir.config_parameter'].sudo()
        parameters.set_param('crm_service_requests.web_fill_seconds', '0')
        for kind in ('address', 'user', 'mail'):
            parameters.set_param(f'crm_service_requests.web_limit_{kind}', '0')
        cls.requests = cls.env['crm.request']
        cls.right = cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)])
        cls.request = cls._create_request()

    @classmethod
    def _create_request(cls, kind='information', **values):
        return cls.requests.create({
            'name': "Where is my bench?", 'type_id': cls.types[kind].id,
            'partner_id': cls.ann.partner_id.id, **values})

    @classmethod
    def _give(cls, *names, **values):
        """Let Ann have these rights and no others."""
        cls.right.write({f'can_{name}': name in names for name in RIGHTS} | values)

    def _come(self, user=None):
        """Come as a user of the portal, or as a stranger."""
        self.authenticate(user and user.login, user and user.login)

    def _get(self, url, user=None):
        self._come(user)
        self.env.flush_all()
        return self.url_open(url, allow_redirects=False)

    def _post(self, url, user=None, files=None, **given):
        self._come(user)
        return self._send(url, files, **given)

    def _send(self, url, files=None, **given):
        """Post as who has come before."""
        self.env.flush_all()
        csrf = self._csrf(self.url_open('/requests/find').text)
        return self.url_open(
            url, data={'csrf_token': csrf, **given}, files=files, allow_redirects=False,
            method='POST')

    def _csrf(self, text):
        return re.search(r'csrf_token: "([^"]*)"', text).group(1)

    def _hidden(self, page, name):
        return re.search(rf'name="{name}"\s+value="([^"]*)"', page.text).group(1)
