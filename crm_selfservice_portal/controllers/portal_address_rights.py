from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class AddressRights(CustomerPortal):
    """The addresses of a company are kept by who administers it, those for deliveries by who
    buys, and everybody's own by himself."""

    def _create_or_update_address(
            self, partner_sudo, address_type='billing', use_delivery_as_billing=False,
            **form_data):
        if not partner_sudo:
            billed = address_type != 'delivery' or use_delivery_as_billing in (True, 'true', '1')
            request.env.user._check_portal_right('administer' if billed else 'buy')
        if not request.env.user._has_portal_right('administer') and partner_sudo.parent_id:
            # The name of the company is nothing of his own.
            form_data.pop('company_name', None)
        return super()._create_or_update_address(
            partner_sudo, address_type=address_type,
            use_delivery_as_billing=use_delivery_as_billing, **form_data)
