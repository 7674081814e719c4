from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Contacts that become one have one set of rights."""

    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env['res.partner']._merge_rights(src_partners | dst_partner)
        super()._update_foreign_keys(src_partners, dst_partner)
        self.env['crm.representative.right']._rights_changed()
