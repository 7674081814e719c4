from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    amount_unpaid = fields.Monetary(
        "Unpaid Orders", compute='_compute_amount_unpaid',
        groups='crm_roles.group_order_reader,sales_team.group_sale_salesman',
        help="What the customer and his contacts still have to pay for sent and confirmed orders, "
             "in the currency of the company.")

    @api.depends_context('company')
    def _compute_amount_unpaid(self):
        self.amount_unpaid = 0.0
        rows = self.env['sale.order']._read_group(
            [*self._unpaid_orders_domain(), ('partner_id', 'child_of', self.ids)],
            ['partner_id', 'currency_id'], ['amount_unpaid:sum'])
        for partner, currency, amount in rows:
            amount = currency._convert(amount, self.env.company.currency_id, self.env.company)
            while partner:
                if partner in self:
                    partner.amount_unpaid += amount
                partner = partner.parent_id

    def action_view_unpaid_orders(self):
        """Open the orders the customer and his contacts have still to pay."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.sale_order_action_call'
        )
        action['domain'] = [*self._unpaid_orders_domain(), ('partner_id', 'child_of', self.id)]
        action['context'] = {}
        return action

    @api.model
    def _unpaid_orders_domain(self):
        """Return the domain of the orders a customer has still to pay."""
        return [('state', 'in', ('sent', 'sale')), ('amount_unpaid', '>', 0)]
