import base64
import csv
import io

from odoo import models
from odoo.exceptions import UserError


class MailingContact(models.Model):
    """Who is known of mailings alone may become a customer, to be called and written to."""

    _inherit = 'mailing.contact'

    def action_import_prospects(self):
        """Open the contacts as an import of prospects.

        Who is on the blacklist, or has opted out of all his lists, is left alone.

        :return: the action
        :rtype: dict
        :raise UserError: when that is all of them
        """
        return self._open_as_prospects(self.env._("Mailing Contacts"))

    def _open_as_prospects(self, name):
        """Open the contacts as an import of prospects.

        :param str name: of the file made of them
        :return: the action
        :rtype: dict
        :raise UserError: when there is nobody, or all of them want to be left alone
        """
        contacts = self.filtered(lambda contact: not contact.is_blacklisted and (
            not contact.subscription_ids
            or not all(contact.subscription_ids.mapped('opt_out'))))
        if not contacts:
            raise UserError(self.env._(
                "%(list)s: there is nobody who may be contacted. Whoever is on the blacklist or "
                "has opted out is left alone.", list=name))
        file = io.StringIO()
        lines = [contact._prepare_prospect_line() for contact in contacts]
        writer = csv.DictWriter(file, fieldnames=lines[0])
        writer.writeheader()
        writer.writerows(lines)
        prospects = self.env['crm.prospect.import'].create({
            'name': name, 'file_name': f'{name}.csv',
            'file': base64.b64encode(file.getvalue().encode())})
        return {
            'type': 'ir.actions.act_window', 'res_model': prospects._name,
            'res_id': prospects.id, 'view_mode': 'form'}

    def _prepare_prospect_line(self):
        """Return what is known of the contact, by the headings by which columns are recognised.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        return {
            'Name': self.name or '', 'Company': self.company_name or '',
            'Email': self.email or '', 'Country': self.country_id.code or ''}
