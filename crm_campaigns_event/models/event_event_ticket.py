from odoo import models
from odoo.tools import format_datetime


class EventEventTicket(models.Model):
    """Which tickets a guest may take by a click, and what is said of the others."""

    _inherit = 'event.event.ticket'

    def _is_for_invited(self):
        """Return whether the ticket is there, on sale and free of charge.

        :rtype: bool
        """
        return self.sale_available and not self.price

    def _why_not_for_invited(self):
        """Return in words why the ticket cannot be taken by a click, nothing when it can.

        :rtype: str
        """
        if self.is_sold_out:
            return self.env._("Sold out")
        if not self.is_launched:
            return self.env._("On sale from %(moment)s", moment=format_datetime(
                self.env, self.start_sale_datetime, tz=self.event_id.date_tz, dt_format='short'))
        if not self.sale_available:
            return self.env._("Not on sale any more")
        return self.env._("To be paid for") if self.price else ''
