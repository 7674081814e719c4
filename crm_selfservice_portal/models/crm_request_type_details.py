from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_service_requests import web_values


class CrmRequestType(models.Model):
    """The form of some kinds asks a user of the portal what it is about, among what is his."""

    _inherit = 'crm.request.type'

    def _web_details(self, form, zone):
        """Return from what the form lets the user choose; nothing for most kinds.

        :param form: what was sent
        :type form: werkzeug.datastructures.MultiDict | dict
        :param zone: the time zone of the user, of `pytz`
        :rtype: dict
        """
        return {}

    def _read_web_details(self, form, zone):
        """Read what was chosen, out of what the user may choose.

        :return: values of the request, and by the name of the field what is wrong
        :rtype: tuple[dict, dict[str, str]]
        """
        return {}, {}

    def _preview_web_details(self, values):
        """Return what can be told at once of what was chosen, before it is sent.

        :param dict values: of :meth:`_read_web_details`
        :rtype: list[str]
        """
        return []

    # For the kinds

    def _web_company(self):
        """Return the company that is asked."""
        return self.company_id or self.env.company

    def _web_customer(self):
        """Return the customer who asks.

        :rtype: res.partner
        """
        return self.env.user.partner_id.commercial_partner_id

    def _web_request(self, values):
        """Return the request as it would be, without making it.

        :param dict values: of :meth:`_read_web_details`
        :rtype: crm.request
        """
        # sudo: crm.request - it is thrown away, and tells what the customer may know
        return self.env['crm.request'].sudo().new({
            'type_id': self.id, 'partner_id': self.env.user.partner_id.id,
            'company_id': self._web_company().id, **values})

    def _web_purchases(self):
        """Return what the customer bought, on orders and bills that the user may see.

        :rtype: Domain
        """
        # As the user, so that his rights choose the documents.
        orders = self.env['sale.order'].sudo(False)._search([])
        bills = self.env['account.move'].sudo(False)._search([])
        return (
            Domain('partner_id', '=', self._web_customer().id)
            & Domain('company_id', '=', self._web_company().id)
            & (Domain('order_id', 'in', orders) | Domain('move_id', 'in', bills)))

    def _read_web_value(self, form, name, label, reader, errors):
        """Return what was typed into a field, None when nothing was or it cannot be read.

        :param reader: makes a value of text, as those of :mod:`web_values` do
        :param dict errors: what is wrong is added
        """
        text = form.get(name, '').strip()
        try:
            return reader(text) if text else None
        except web_values.Unreadable as error:
            errors[name] = self._web_complaint(str(error), label)
        return None
