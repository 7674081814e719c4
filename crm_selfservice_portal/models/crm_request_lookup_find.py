from odoo import api, models
from odoo.fields import Domain


class CrmRequest(models.Model):
    """A request is found by its number, by who has an address that belongs to it."""

    _inherit = 'crm.request'

    @api.model
    def _number_domain(self, number):
        """Return the request with a number as somebody types it.

        :param str number: in capital letters or not
        :rtype: Domain
        """
        typed = ''.join(number.split())
        return Domain('number', 'in', [typed, typed.upper()]) & Domain('number', '!=', '/')

    @api.model
    def _find_for_address(self, number, address):
        """Return the request that a number means to who has a mail address.

        What a rule made is found only once somebody has written to the customer about it.

        :param str number: the registration number
        :param str address: a normalized mail address
        :return: the request, or what it was merged into if the address belongs to that, too
        :rtype: crm.request
        """
        found = self.search(self._number_domain(number), limit=1).filtered(
            lambda request: request._is_told() and address in request._addresses())
        return found._survivors().filtered(
            lambda request: address in request._addresses()) or found

    def _is_told(self):
        """Return whether the customer knows of the request.

        :rtype: bool
        """
        self.ensure_one()
        return self.channel != 'rule' or (
            self.commercial_partner_id in self.message_partner_ids.commercial_partner_id)

    def _addresses(self):
        """Return the mail addresses of a request: of the sender, the contact and the customer.

        :rtype: set[str]
        """
        self.ensure_one()
        return {
            self.email_normalized, self.partner_id.email_normalized,
            self.commercial_partner_id.email_normalized} - {False, ''}

    def _portal_messages(self):
        """Return what was said between the customer and the company, the newest first.

        :rtype: mail.message
        """
        self.ensure_one()
        # sudo: mail.message - nobody outside reads them but as chosen here
        return self.env['mail.message'].sudo().search(
            Domain(self._fields['website_message_ids'].get_comodel_domain(self))
            & Domain('res_id', '=', self.id) & Domain('is_internal', '=', False)
            & Domain('subtype_id', '=', self.env.ref('mail.mt_comment').id))
