from odoo import models
from odoo.exceptions import UserError


class CrmManagerChange(models.Model):
    _inherit = 'crm.manager.change'

    def action_undo(self):
        """Give customers back to the personal managers they had before.

        All contacts who changed together change back together.

        :raise UserError: when a line is about an order, or somebody else has come since
        """
        for line in self:
            if line.kind != 'personal':
                raise UserError(self.env._(
                    "%s is about an order. Assign the order manager on the order.",
                    line.display_name))
            if line.partner_id.personal_manager_id != line.to_user_id:
                raise UserError(self.env._(
                    "%(customer)s has another personal manager since. Choose the one you want "
                    "on the contact.", customer=line.partner_id.display_name))
        for manager, lines in self.grouped('from_user_id').items():
            lines.partner_id._set_personal_manager(manager, 'wrong', self.env._("Undone"))
