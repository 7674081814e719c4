from odoo import fields, models

SEEN_BY = 'crm_roles.group_service_representative,crm_roles.group_account_representative'


class ResPartner(models.Model):
    """What a customer does not need is kept from his pages in the portal."""

    _inherit = 'res.partner'

    portal_hidden_block_ids = fields.Many2many(
        'crm.portal.block', 'res_partner_portal_block_rel', 'partner_id', 'block_id',
        "Hidden in the Portal", groups=SEEN_BY, copy=False,
        help="What nobody of this customer sees on the home page and on the account page. The "
             "pages themselves are open as far as the rights of each go.")

    def write(self, vals):
        result = super().write(vals)
        if 'portal_hidden_block_ids' in vals:
            self.env.registry.clear_cache()
        return result
