from odoo import models
from odoo.fields import Domain


class MailingList(models.Model):
    """Mailing lists from which customers may come."""

    _inherit = 'mailing.list'

    def action_import_prospects(self):
        """Open whoever is on the lists as an import of prospects.

        Who has opted out of them, or is on the blacklist, is left alone.

        :return: the action
        :rtype: dict
        :raise UserError: when that is all of them
        """
        contacts = self.env['mailing.contact'].search([(
            'subscription_ids', 'any',
            Domain('list_id', 'in', self.ids) & Domain('opt_out', '=', False))])
        return contacts._open_as_prospects(", ".join(self.mapped('name')))
