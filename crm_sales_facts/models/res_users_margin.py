from odoo import models


class ResUsers(models.Model):
    """Whose cost and margin somebody may see."""

    _inherit = 'res.users'

    def _margin_scope(self):
        """Return of which customers the user may see cost and margin.

        :return: `all`, `own` for those he sells to, nothing for none
        :rtype: str | None
        """
        if self.has_group('crm_sales_facts.group_margin_all'):
            return 'all'
        return 'own' if self.has_group('crm_sales_facts.group_margin') else None
