from odoo import fields, models


class StockPicking(models.Model):
    """A transfer tells the customer what he may know of it."""

    _inherit = 'stock.picking'

    def _portal_links(self, token=''):
        """Return addresses with their words: the delivery slip, and where the carrier has it.

        :param str token: of the order, for who is not logged in
        :rtype: tuple[tuple[str, str], ...]
        """
        self.ensure_one()
        query = f'?access_token={token}' if token else ''
        slip = (f'/my/picking/pdf/{self.id}{query}', self.env._(
            "Delivery slip %(transfer)s", transfer=self.name))
        # Where carriers are not installed, transfers know nothing of them.
        if 'carrier_tracking_url' not in self._fields or not self.carrier_tracking_url:
            return (slip,)
        return slip, (self.carrier_tracking_url, self.env._(
            "Follow %(reference)s", reference=self.carrier_tracking_ref))

    def _portal_texts(self):
        """Return in words whether a transfer is ready, whose rest it is, and who carries it.

        :rtype: list[str]
        """
        self.ensure_one()
        texts = []
        if self._is_ready():
            texts.append(self.env._("Ready to leave."))
        if self.backorder_id:
            texts.append(self.env._("The rest of %(transfer)s.", transfer=self.backorder_id.name))
        if 'carrier_id' in self._fields and self.carrier_id:
            texts.append(" ".join(filter(None, [
                self.carrier_id.name, self.carrier_tracking_ref])))
        return texts

    def _is_ready(self):
        """Return whether a transfer leaves today, as far as is known.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == 'assigned' and (
            fields.Date.context_today(self, self.scheduled_date) <= fields.Date.context_today(self))
