from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

MANAGER_GROUP = 'crm_roles.group_order_manager'


class ResUsers(models.Model):
    _inherit = 'res.users'

    has_order_manager_role = fields.Boolean(
        "Order Manager", compute='_compute_has_order_manager_role',
        search='_search_has_order_manager_role')
    absent_from = fields.Date()
    absent_until = fields.Date(help="The last day of the absence.")
    deputy_id = fields.Many2one(
        'res.users', domain=[('share', '=', False)],
        help="Gets the orders that would come to this person during an absence.")

    def _compute_has_order_manager_role(self):
        managers = self._order_managers()
        for user in self:
            user.has_order_manager_role = user in managers

    def _search_has_order_manager_role(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('all_group_ids', 'in', self.env.ref(MANAGER_GROUP).ids)]

    @api.constrains('absent_from', 'absent_until')
    def _check_absence(self):
        for user in self:
            if user.absent_from and user.absent_until and user.absent_until < user.absent_from:
                raise ValidationError(
                    self.env._(
                        "%s: the absence ends before it begins. Correct one of the two days.",
                        user.name,
                    )
                )

    @api.constrains('deputy_id')
    def _check_deputy_id(self):
        for user in self:
            if user.deputy_id == user:
                raise ValidationError(self.env._(
                    "%s cannot stand in for himself. Choose somebody else.", user.name))

    @api.model
    def _absent_domain(self):
        """Return the domain of the users who are away today.

        :rtype: Domain
        """
        return (
            (Domain('absent_from', '!=', False) | Domain('absent_until', '!=', False))
            & (Domain('absent_from', '=', False) | Domain('absent_from', '<=', 'today'))
            & (Domain('absent_until', '=', False) | Domain('absent_until', '>=', 'today'))
        )

    @api.model
    def _order_managers(self):
        """Return everybody who holds the role of an order manager.

        :rtype: res.users
        """
        return self.search([('all_group_ids', 'in', self.env.ref(MANAGER_GROUP).ids)])

    def _available_order_managers(self):
        """Return who of the users can be given an order today, a deputy in place of who is away.

        :rtype: res.users
        """
        able = self._order_managers()
        absent = self.filtered_domain(self._absent_domain())
        deputies = absent.deputy_id
        deputies -= deputies.filtered_domain(self._absent_domain())
        return (self - absent | deputies) & able
