from odoo import models
from odoo.tools import SQL


class EventEvent(models.Model):
    """Invited guests register one after the other, so that no seat is given twice."""

    _inherit = 'event.event'

    def _take_seat_turn(self):
        """Let others who register at this moment wait, or begin anew after them."""
        self.env.cr.execute(SQL(
            "UPDATE event_event SET active = active WHERE id = ANY(%s)", list(self.ids)))
