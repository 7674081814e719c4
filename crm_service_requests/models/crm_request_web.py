from odoo import api, models
from odoo.tools import formataddr, plaintext2html


class CrmRequest(models.Model):
    """A request may be made on the website, by a customer or by somebody unknown."""

    _inherit = 'crm.request'

    @api.model
    def _create_from_web(self, kind, data, files=()):
        """Make a request of what was sent by a form of the website, in the name of the user.

        Nobody proves who he is by writing an address into a form: only who is logged in is the
        customer of his request.

        :param kind: the type, a `crm.request.type`
        :param dict data: what was read from the form: `subject`, `text`, `phone`, `properties`,
            and of a stranger `name` and `email`
        :param files: names and contents of what came with it, which were checked
        :type files: Iterable[tuple[str, bytes]]
        :return: the request, as the superuser
        :rtype: crm.request
        """
        # sudo: crm.request - who asks makes a request, though he may edit none
        request_sudo = self.sudo().create(self._prepare_web_values(kind, data))
        request_sudo._attach_from_web(files)
        return request_sudo

    @api.model
    def _prepare_web_values(self, kind, data):
        """Return the values of a request that is made on the website.

        :rtype: dict
        """
        values = {
            'type_id': kind.id,
            'name': data['subject'],
            'description': plaintext2html(data['text']),
            'properties': data.get('properties', {}),
            'company_id': kind.company_id.id or self.env.company.id,
            'user_id': False,
        }
        if data.get('phone'):
            values['phone'] = data['phone']
        if self.env.user._is_public():
            email = formataddr((data['name'], data['email']))
            return {**values, 'channel': 'web', 'email_from': email}
        return {**values, 'channel': 'portal', 'partner_id': self.env.user.partner_id.id}

    def _attach_from_web(self, files):
        """Keep what a customer sent, as his."""
        self.ensure_one()
        # sudo: ir.attachment - the files of a request come from who may edit nothing of it
        self.env['ir.attachment'].sudo().create([
            {'name': name, 'raw': content, 'res_model': self._name, 'res_id': self.id}
            for name, content in files])
