from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Customers who become one have each incentive once in a period."""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _drop_campaign_twins(self, partners, kept):
        self._drop_twins(
            'crm_incentive_grant', partners, ['partner_id'],
            [SQL("rule_id"), SQL("period_start")], ['granted', 'withdrawn'])
        super()._drop_campaign_twins(partners, kept)
