from odoo import models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Pages tell times where the company works, when nobody says where their reader is."""

    _inherit = 'res.company'

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {'resource_calendar_id'}

    @ormcache('self.id')
    def _timezone(self):
        """Return the time zone in which the company works, kept in memory.

        :rtype: str
        """
        # sudo: res.company, resource.calendar - in which zone the company works is no secret
        return self.sudo().resource_calendar_id.tz
