from odoo import fields, models

# So many campaigns of the past are asked at most.
SIMILAR = 10


class UtmCampaign(models.Model):
    """What campaigns like it brought, kept when it starts, to be compared at its end."""

    _inherit = 'utm.campaign'

    forecast_response = fields.Float(
        "Forecast Response (%)", digits=(5, 1), readonly=True, copy=False)
    forecast_sales = fields.Monetary(readonly=True, copy=False)
    forecast_basis = fields.Char("Forecast from", readonly=True, copy=False)

    def action_forecast(self):
        """Say what to expect of the campaign before it starts."""
        for campaign in self.filtered(lambda campaign: campaign.state in ('draft', 'approval')):
            campaign._write_forecast(campaign.audience_id.customer_count)

    def action_start(self):
        result = super().action_start()
        for campaign in self:
            campaign._write_forecast(campaign.member_count - campaign.control_count)
        return result

    def _write_forecast(self, customers):
        """Keep what the campaigns before it lead to expect.

        The response is that of all customers contacted by them, and so are the sales for each.

        :param int customers: how many are to be contacted
        """
        self.ensure_one()
        past = self._similar()
        contacted = sum(past.mapped('contacted_count'))
        if not contacted:
            self.write({
                'forecast_response': 0.0, 'forecast_sales': 0.0,
                'forecast_basis': self.env._("no campaign like it was ended yet")})
            return
        self.write({
            'forecast_response': 100 * sum(past.mapped('response_count')) / contacted,
            'forecast_sales': customers * sum(past.mapped('sales')) / contacted,
            'forecast_basis': ", ".join(past.mapped('title')),
        })

    def _similar(self):
        """Return the campaigns of the past through the same channels, else the last ones.

        :rtype: utm.campaign
        """
        channels = set(self.step_ids.mapped('channel'))
        past = self.search(
            [('state', '=', 'done'), ('company_id', '=', self.company_id.id),
             ('id', '!=', self.id)], order='date_end DESC, id DESC', limit=10 * SIMILAR)
        like = past.filtered(lambda campaign: set(campaign.step_ids.mapped('channel')) == channels)
        return (like or past)[:SIMILAR]
