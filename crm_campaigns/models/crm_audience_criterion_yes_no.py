from odoo import api, fields, models


class CrmAudienceCriterion(models.Model):
    """Of some sources nothing is measured: it holds for a customer or not."""

    _inherit = 'crm.audience.criterion'

    is_yes_or_no = fields.Boolean("Holds or Not", compute='_compute_is_yes_or_no')

    @api.depends('source')
    def _compute_is_yes_or_no(self):
        sources = self._yes_or_no_sources()
        for criterion in self:
            criterion.is_yes_or_no = criterion.source in sources

    @api.model
    def _yes_or_no_sources(self):
        """Return the sources of which is asked only whether it holds; for addons to add to.

        Each has a method `_<source>_query`: the query of the customers for whom it does.

        :rtype: list[str]
        """
        return ['customer', 'campaign']
