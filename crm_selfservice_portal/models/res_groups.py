from odoo import api, models

MEMBERS = {'user_ids', 'implied_ids', 'implied_by_ids'}


class ResGroups(models.Model):
    """Who becomes a user of the portal by a group gets rights like everybody else."""

    _inherit = 'res.groups'

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        if any(MEMBERS & vals.keys() for vals in vals_list):
            groups._ensure_rights()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if MEMBERS & vals.keys():
            self._ensure_rights()
        return result

    def _ensure_rights(self):
        """Give rights to the users of the groups who have none."""
        self.env['crm.representative.right']._ensure(
            self.with_context(active_test=False).all_user_ids)
