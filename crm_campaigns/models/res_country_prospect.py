from odoo import api, models
from odoo.tools import ormcache


class ResCountry(models.Model):
    """The countries by their codes, of which an import asks thousands of times."""

    _inherit = 'res.country'

    @api.model
    @ormcache(cache='stable')
    def _ids_by_code(self):
        """Return the ids of all countries by their codes of two letters.

        :rtype: dict[str, int]
        """
        countries = self.search_fetch([('code', '!=', False)], ['code'])
        return {country.code: country.id for country in countries}
