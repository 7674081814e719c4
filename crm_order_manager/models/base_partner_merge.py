from odoo import models


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_values(self, src_partners, dst_partner):
        if not dst_partner.personal_manager_id:
            # sudo: res.partner - contacts that become one keep the manager one of them had
            dst_partner.sudo()._set_personal_manager(src_partners.personal_manager_id[:1], 'other')
        return super()._update_values(src_partners, dst_partner)
