from odoo import models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env['res.partner'].browse(partner_ids).exists()
        # sudo: res.partner - bills of contacts that the user may not read count as well
        family = partners.sudo().with_context(active_test=False).search(
            [('id', 'child_of', partners.ids)])
        # The bills are those before: the contacts they are of change under way.
        self.env['crm.sales.fact']._flush_books()
        moves = [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM account_move WHERE partner_id = ANY(%s)", family.ids))]
        with self.env['crm.sales.fact']._kept(SQL("move.id = ANY(%s)", moves)):
            return super()._merge(partner_ids, dst_partner, extra_checks)
