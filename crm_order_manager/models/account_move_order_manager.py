from odoo import api, fields, models
from odoo.fields import Domain

ORDER_MANAGER = 'line_ids.sale_line_ids.order_id.order_manager_id'


class AccountMove(models.Model):
    """Who gets a bill paid: who gets its orders paid."""

    _inherit = 'account.move'

    order_manager_id = fields.Many2one(
        'res.users', compute='_compute_order_manager_id', search='_search_order_manager_id',
        compute_sudo=True,
        help="Who manages the orders on the bill; nobody when they have different managers.")

    @api.depends(ORDER_MANAGER)
    def _compute_order_manager_id(self):
        for move in self:
            managers = move.mapped(ORDER_MANAGER)
            move.order_manager_id = managers if len(managers) == 1 else False

    def _search_order_manager_id(self, operator, value):
        """Return the domain of the bills with an order of one of these managers."""
        if operator in ('any', 'any!'):
            return Domain(ORDER_MANAGER, operator, value)
        if operator != 'in':
            return NotImplemented
        domain = Domain(ORDER_MANAGER, 'in', [user for user in value if user])
        if any(not user for user in value):
            domain |= ~Domain(ORDER_MANAGER, '!=', False)
        return domain
