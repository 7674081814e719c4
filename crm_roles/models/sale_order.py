from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

# Those who may write orders in Odoo itself, and the supervisor; the guard leaves them alone.
FULL_WRITERS = (
    'sales_team.group_sale_salesman,account.group_account_invoice,base.group_system,'
    'crm_roles.group_service_supervisor'
)
# What belongs to the conversation about an order, not to the order.
CONVERSATION_FIELDS = {
    'activity_ids', 'message_ids', 'message_follower_ids', 'message_partner_ids',
    'message_main_attachment_id', 'tag_ids',
}


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['sale.order', 'crm.write.guard']

    placed_by_id = fields.Many2one(
        'res.users', "Placed on Behalf by", readonly=True, copy=False, index='btree_not_null',
        help="The service supervisor who entered this order for the customer.")
    tag_ids = fields.Many2many(
        groups='sales_team.group_sale_salesman,crm_roles.group_order_reader')

    @api.model
    def _conversation_fields(self):
        """Return the names of the fields that who works an order by phone may write.

        :rtype: set[str]
        """
        return CONVERSATION_FIELDS

    @api.model
    def _field_writers(self, name):
        if name in self._conversation_fields():
            return super()._field_writers(name)
        return FULL_WRITERS

    @api.model
    def default_get(self, fields):
        if self._acts_on_behalf():
            # sudo: sale.order - addons take defaults from configuration that only salespeople may
            # read; a supervisor gets the order that they would get
            return super(SaleOrder, self.sudo()).default_get(fields)
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if self._acts_on_behalf():
            # sudo: sale.order - the trace of who placed the order is nobody's to write
            orders.sudo().placed_by_id = self.env.user
            orders._log_on_behalf(self.env._("Order placed on behalf of the customer."))
        return orders

    def write(self, vals):
        self._check_beyond_conversation(set(vals))
        result = super().write(vals)
        if vals and self._acts_on_behalf():
            labels = self.fields_get(list(vals), ['string'])
            self._log_on_behalf(self.env._(
                "Changed on behalf of the customer: %s",
                ", ".join(label['string'] for label in labels.values())))
        return result

    def _check_beyond_conversation(self, names):
        """Refuse to change what only the right to work every order lets the user reach.

        Who manages orders and sells may write all fields, but only of the orders that selling
        gives him.

        :param set names: names of the fields to be written
        :raise AccessError: when one of the orders is not among them
        """
        if (
            self.env.su or not any(self._field_writers(name) == FULL_WRITERS for name in names)
            or not self.env.user.has_group('crm_roles.group_order_manager')
        ):
            return
        foreign = self - self.filtered_domain(self._beyond_conversation_domain())
        if foreign:
            raise AccessError(self.env._(
                "%(orders)s: as an order manager you may work these orders, but not change them. "
                "Ask their salesperson.", orders=", ".join(foreign.mapped('name'))))

    def _beyond_conversation_domain(self):
        """Return which orders the user may change by other rules than that of order managers."""
        managed = self.env.ref(
            'crm_roles.sale_order_rule_order_manager', raise_if_not_found=False)
        # sudo: ir.rule - nobody but administrators may read the rules that hold for him
        rules_sudo = self.env['ir.rule']._get_rules(self._name, 'write').sudo()
        others = rules_sudo.filtered(lambda rule: rule.groups and rule != managed)
        context = others._eval_context()
        return Domain.OR(
            safe_eval(rule.domain_force or '[]', context) for rule in others
        ) if others else Domain.TRUE

    def _acts_on_behalf(self):
        """Tell whether the user changes orders only as a supervisor, in place of the customer."""
        return (
            not self.env.su
            and self.env.user.has_group('crm_roles.group_service_supervisor')
            and not self.env.user.has_group('sales_team.group_sale_salesman')
        )

    def _log_on_behalf(self, body):
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
