import pytz

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists


class ResPartner(models.Model):
    """By which clock a customer lives."""

    _inherit = 'res.partner'

    call_tz = fields.Char(
        "Time Zone for Calls", compute='_compute_call_tz', store=True, precompute=True,
        help="That of the contact if it is one of his country, else that of his country if it has "
             "only one. Empty: that of the company.")

    def _auto_init(self):
        if not column_exists(self.env.cr, self._table, 'call_tz'):
            self._fill_call_tz()
        return super()._auto_init()

    @api.depends('tz', 'country_id')
    def _compute_call_tz(self):
        for partner in self:
            partner.call_tz = self._call_tz_of(partner.tz, partner.country_id.code)

    @api.model
    def _call_tz_of(self, tz, country_code):
        """Return the time zone in which somebody is called, False when it is not known."""
        zones = pytz.country_timezones.get(country_code or '', [])
        # Odoo gives a new contact the time zone of who enters it, wherever it is.
        if tz and (tz in zones or not zones):
            return tz
        return zones[0] if len(zones) == 1 else False

    def _fill_call_tz(self):
        """Make the column for the contacts that are there: one statement, one look per country."""
        cr = self.env.cr
        cr.execute("ALTER TABLE res_partner ADD COLUMN call_tz varchar")
        cr.execute("""
            SELECT DISTINCT partner.tz, country.code
            FROM res_partner partner LEFT JOIN res_country country ON country.id = country_id
        """)
        found = [
            (tz or '', code or '', zone) for tz, code in cr.fetchall()
            if (zone := self._call_tz_of(tz, code))
        ]
        if found:
            tzs, codes, zones = (list(column) for column in zip(*found, strict=True))
            cr.execute(SQL(
                """
                UPDATE res_partner SET call_tz = found.zone
                FROM unnest(%(tzs)s::text[], %(codes)s::text[], %(zones)s::text[])
                         AS found(tz, code, zone),
                     res_partner partner
                LEFT JOIN res_country country ON country.id = partner.country_id
                WHERE res_partner.id = partner.id AND found.tz = COALESCE(partner.tz, '')
                  AND found.code = COALESCE(country.code, '')
                """, tzs=tzs, codes=codes, zones=zones))

    def _call_zone(self, company):
        """Return the time zone in which the partner is called by a company."""
        return self.call_tz or company.partner_id.call_tz or company.call_calendar_id.tz or 'UTC'

    def _next_call_time(self, moment, company):
        """Return the first moment from `moment` on at which the partner may be called.

        :param datetime moment: naive, in UTC
        :param company: the `res.company` that calls
        :rtype: datetime
        """
        calendar = company.call_calendar_id
        if not calendar or not moment:
            return moment
        return calendar._next_call_time(moment, self._call_zone(company))
