from odoo import api, fields, models

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

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if self._acts_on_behalf():
            # sudo: sale.order - the trace of who placed the order is nobody's to write
            orders.sudo().placed_by_id = self.env.user
            orders._log_on_behalf(self.env._("Order placed on behalf of the customer."))
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals and self._acts_on_behalf():
            labels = self.fields_get(list(vals), ['string'])
            self._log_on_behalf(self.env._(
                "Changed on behalf of the customer: %s",
                ", ".join(label['string'] for label in labels.values())))
        return result

    def _acts_on_behalf(self):
        """Tell whether the user changes orders only as a supervisor, in place of the customer."""
        return (
            not self.env.su
            and self.env.user.has_group('crm_roles.group_service_supervisor')
            and not self.env.user.has_group('sales_team.group_sale_salesman')
        )

    def _log_on_behalf(self, body):
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
