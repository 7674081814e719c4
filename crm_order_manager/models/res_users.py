from odoo import api, fields, models

MANAGER_GROUP = 'crm_roles.group_order_manager'


class ResUsers(models.Model):
    _inherit = 'res.users'

    has_order_manager_role = fields.Boolean(
        "Order Manager", compute='_compute_has_order_manager_role',
        search='_search_has_order_manager_role')

    def _compute_has_order_manager_role(self):
        managers = self._order_managers()
        for user in self:
            user.has_order_manager_role = user in managers

    def _search_has_order_manager_role(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('all_group_ids', 'in', self.env.ref(MANAGER_GROUP).ids)]

    @api.model
    def _order_managers(self):
        """Return everybody who holds the role of an order manager.

        :rtype: res.users
        """
        return self.search([('has_order_manager_role', '=', True)])

    def _available_order_managers(self):
        """Return who of the users can be given an order today, a deputy in place of who is away.

        :rtype: res.users
        """
        return self._able_today() | self._absent().deputy_id._able_today()

    def _able_today(self):
        """Return who of the users has the role and is not away.

        :rtype: res.users
        """
        return (self - self._absent()) & self._order_managers()
