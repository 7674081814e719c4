from odoo import api, fields, models


class ResPartner(models.Model):
    """Customers are found by their number, and called by a click on it."""

    _inherit = 'res.partner'

    dial_url = fields.Char("Link to Call", compute='_compute_dial_url')

    # An index of ours on a field of Odoo, which goes with us.
    _phone_sanitized_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.depends(
        'phone', 'phone_sanitized', 'commercial_partner_id.phone',
        'commercial_partner_id.phone_sanitized')
    @api.depends_context('uid', 'company')
    def _compute_dial_url(self):
        numbers = {}
        for partner in self:
            owner = partner if partner.phone else partner.commercial_partner_id
            numbers[partner] = owner.phone_sanitized or owner.phone
        urls = self.env['crm.call']._dial_urls(numbers.values())
        for partner, number in numbers.items():
            partner.dial_url = urls.get(number, '')

    @api.model
    def _find_by_phone(self, number, company):
        """Return whose number it is: a company before its contacts, who has bought before others.

        :param str number: as a dialler gives it, in any notation
        :param company: the company that was called or calls, a `res.company`
        :rtype: res.partner
        """
        sanitized = self._phone_format_number(number, company.country_id)
        if not sanitized:
            return self.browse()
        return self.search(
            [('phone_sanitized', '=', sanitized), ('company_id', 'in', [False, company.id])],
            order='is_company DESC, customer_rank DESC, id', limit=1)
