from odoo import api, models

# What anybody may put into a letter or mail; more only who may edit templates of any kind.
PLACEHOLDERS = (
    'object.street', 'object.street2', 'object.zip', 'object.city', 'object.country_id.name',
    'object.email', 'object.phone', 'object.ref', 'object.vat', 'object.personal_manager_id.name')


class ResPartner(models.Model):
    """What is written on an envelope."""

    _inherit = 'res.partner'

    @api.model
    def mail_allowed_qweb_expressions(self):
        return super().mail_allowed_qweb_expressions() + PLACEHOLDERS

    def _postal_lines(self, company):
        """Return the name and the address, as the post of the customer's country wants them.

        :param res.company company: who sends it; within its country that is not named
        :rtype: list[str]
        """
        self.ensure_one()
        address_format, parts = self._prepare_display_address(without_company=True)
        abroad = self.country_id != company.country_id
        parts['country_name'] = (parts['country_name'] or '').upper() if abroad else ''
        lines = [self.commercial_company_name, self.name, *(address_format % parts).splitlines()]
        lines = [' '.join(line.split()).strip(' ,') for line in lines if line]
        # Who has his company's name is named once.
        return list(dict.fromkeys(filter(None, lines)))

    def _postal_order(self):
        """Return the customers as the post wants them: by country, postal code and name.

        :rtype: res.partner
        """
        return self.sorted(lambda partner: (
            partner.country_id.code or '', partner.zip or '', partner.name or '', partner.id))

    def _has_postal_address(self):
        """Return those to whom a letter can be delivered.

        :rtype: res.partner
        """
        return self.filtered(lambda partner: partner.city and (
            partner.street or partner.street2 or partner.zip))
