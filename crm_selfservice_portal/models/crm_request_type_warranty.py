from functools import partial

from odoo import models

from odoo.addons.crm_service_requests import web_values

OFFERED = 100
SERIAL_SIZE = 64


class CrmRequestType(models.Model):
    """A warranty request: the customer chooses the product, and is told what is known of it."""

    _inherit = 'crm.request.type'

    def _web_details(self, form, zone):
        details = super()._web_details(form, zone)
        if self.kind != 'warranty':
            return details
        return {**details, 'warranty_products': self._warranty_products()}

    def _read_web_details(self, form, zone):
        values, errors = super()._read_web_details(form, zone)
        if self.kind != 'warranty':
            return values, errors
        _ = self.env._
        values['warranty_serial'] = self._read_web_value(
            form, 'warranty_serial', _("Serial Number"),
            partial(web_values.line, size=SERIAL_SIZE), errors)
        given = form.get('warranty_product', '')
        product = self._warranty_products().filtered(lambda bought: str(bought.id) == given)
        if given and not product:
            errors['warranty_product'] = self._web_complaint('no_choice', _("Product"))
        values['warranty_product_id'] = product.id
        return values, errors

    def _preview_web_details(self, values):
        told = super()._preview_web_details(values)
        if self.kind != 'warranty':
            return told
        if not values.get('warranty_product_id'):
            return [*told, self.env._("Say below which product it is.")]
        claim = self._web_request(values)
        if claim._is_warranty_shown(self.env.user):
            return [*told, claim.warranty_reason]
        return [*told, self.env._("We look for the purchase, and tell you.")]

    def _warranty_products(self):
        """Return the products that the customer bought, each once.

        :rtype: product.product
        """
        # sudo: crm.return.purchase - only what is on documents that the user sees
        purchases_sudo = self.env['crm.return.purchase'].sudo()
        return purchases_sudo.search(
            self._web_purchases(), limit=OFFERED).product_id.sorted('display_name')


class CrmRequest(models.Model):
    """Who may not see the purchase is not told of it by the warranty."""

    _inherit = 'crm.request'

    def _is_warranty_shown(self, user):
        """Return whether a user may see the purchase by which the warranty is claimed.

        :param user: a `res.users`
        :rtype: bool
        """
        self.ensure_one()
        line = self.warranty_sale_line_id or self.warranty_move_line_id
        return not line or line.with_user(user).has_access('read')
