from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_service_requests.models.crm_request_accounting import DISPUTES
from odoo.addons.crm_service_requests.models.crm_return_purchase import PAID

OFFERED = 100


class CrmRequestType(models.Model):
    """A question about a bill, or about what is owed: the customer chooses the bill."""

    _inherit = 'crm.request.type'

    def _web_details(self, form, zone):
        details = super()._web_details(form, zone)
        if self.kind not in ('accounting', 'debt'):
            return details
        details['bills'] = self._web_bills()
        if self.kind == 'accounting':
            details['disputes'] = self.env['crm.request']._fields[
                'dispute']._description_selection(self.env)
        return details

    def _read_web_details(self, form, zone):
        values, errors = super()._read_web_details(form, zone)
        if self.kind not in ('accounting', 'debt'):
            return values, errors
        given = form.get('bill', '')
        bill = self._web_bills().filtered(lambda offered: str(offered.id) == given)
        if given and not bill:
            errors['bill'] = self._web_complaint('no_choice', self.env._("Bill"))
        if bill:
            values['origin_ref'] = f'account.move,{bill.id}'
        if self.kind == 'accounting' and form.get('dispute') in dict(DISPUTES):
            values['dispute'] = form['dispute']
        return values, errors

    def _web_bills(self):
        """Return the bills that the customer may mean, as far as the user sees them.

        :return: as the user; about a debt, those that are not paid
        :rtype: account.move
        """
        domain = (
            Domain('commercial_partner_id', '=', self._web_customer().id)
            & Domain('company_id', '=', self._web_company().id)
            & Domain('state', '=', 'posted')
            & Domain('move_type', 'in', ['out_invoice', 'out_refund']))
        if self.kind == 'debt':
            domain &= Domain('payment_state', 'not in', PAID)
        return self.env['account.move'].sudo(False).search(
            domain, order='invoice_date DESC, id DESC', limit=OFFERED)
