import pytz

from odoo import api, fields, models


class ResPartner(models.Model):
    """By which clock a customer lives."""

    _inherit = 'res.partner'

    call_tz = fields.Char(
        "Time Zone for Calls", compute='_compute_call_tz', store=True, precompute=True,
        help="That of the contact if it is one of his country, else that of his country if it has "
             "only one. Empty: that of the company.")

    @api.depends('tz', 'country_id')
    def _compute_call_tz(self):
        for partner in self:
            zones = pytz.country_timezones.get(partner.country_id.code or '', [])
            # Odoo gives a new contact the time zone of who enters it, wherever it is.
            if partner.tz and (partner.tz in zones or not zones):
                partner.call_tz = partner.tz
            else:
                partner.call_tz = zones[0] if len(zones) == 1 else False

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
