from odoo import api, fields, models


class SaleOrder(models.Model):
    """What is known about the customer, shown and kept right where his order is worked."""

    _inherit = 'sale.order'

    personal_manager_id = fields.Many2one(
        related='partner_id.personal_manager_id', readonly=False,
        domain=lambda self: self.env['res.partner']._personal_manager_choices())
    may_choose_manager = fields.Boolean(related='partner_id.may_choose_manager', related_sudo=False)
    customer_name = fields.Char(related='partner_id.name', string="Name", readonly=False)
    customer_phone = fields.Char(related='partner_id.phone', string="Phone", readonly=False)
    customer_email = fields.Char(related='partner_id.email', string="Email", readonly=False)
    customer_function = fields.Char(
        related='partner_id.function', string="Job Position", readonly=False)
    customer_comment = fields.Html(related='partner_id.comment', string="Notes", readonly=False)
    customer_definition_id = fields.Many2one(related='partner_id.properties_base_definition_id')
    customer_properties = fields.Properties(
        related='partner_id.properties', string="Customer Properties", readonly=False,
        definition='customer_definition_id.properties_definition')

    def _add_missing_default_values(self, values):
        """Leave the properties of the customer as they are, unless they are given.

        Odoo gives a new record empty properties, which would be written on the customer.
        """
        defaults = super()._add_missing_default_values(values)
        if 'customer_properties' not in values:
            del defaults['customer_properties']
        return defaults

    @api.onchange('personal_manager_id')
    def _onchange_personal_manager_id(self):
        return self.partner_id._origin._warn_of_circle(self.personal_manager_id._origin)

    @api.model
    def _customer_information_fields(self):
        """Return the names of the fields that belong to the customer, not to his order.

        Whether somebody may write them is decided on the contact.

        :rtype: set[str]
        """
        return {
            'personal_manager_id', 'customer_name', 'customer_phone', 'customer_email',
            'customer_function', 'customer_comment', 'customer_properties',
        }

    @api.model
    def _conversation_fields(self):
        return super()._conversation_fields() | self._customer_information_fields()

    @api.model
    def _may_write_field(self, name):
        if name == 'personal_manager_id':
            return super()._may_write_field(name) and self.env['res.partner']._may_write_field(name)
        return super()._may_write_field(name)

    def action_edit_customer(self):
        """Open the contact of the order in a dialog, to correct what is known about him."""
        self.ensure_one()
        return self.partner_id.action_edit_information()
