from odoo import fields, models
from odoo.exceptions import UserError


class CrmCustomerOffer(models.TransientModel):
    """Make a quotation from a template for each of some customers."""

    _name = 'crm.customer.offer'
    _description = "Make an Offer"

    partner_ids = fields.Many2many('res.partner', string="Customers", required=True)
    template_id = fields.Many2one('sale.order.template', required=True)

    def action_offer(self):
        """Make the quotations and open them.

        :return: the action that shows the quotation, or the list of several
        :rtype: dict
        :raise UserError: when there is no customer to offer to
        """
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers to whom to make the offer."))
        lines = self.template_id.sale_order_template_line_ids
        orders = self.env['sale.order'].create([{
            'partner_id': partner.id,
            'user_id': self.env.uid,
            'sale_order_template_id': self.template_id.id,
            'order_line': [
                fields.Command.create(line._prepare_order_line_values())
                for line in lines.with_context(lang=partner.lang)
            ],
        } for partner in self.partner_ids])
        action = {
            'name': self.env._("Offers"),
            'type': 'ir.actions.act_window',
            'res_model': 'sale.order',
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', orders.ids)],
        }
        if len(orders) == 1:
            action.update(views=[(False, 'form')], res_id=orders.id)
        return action
