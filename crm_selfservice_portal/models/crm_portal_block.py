from odoo import api, fields, models
from odoo.fields import Domain

from .crm_representative_right import RIGHTS, SEEN_BY

# Which rights each need asks for: one of them is enough.
NEEDS = {
    'any': set(RIGHTS), **SEEN_BY, 'buy': {'buy'}, 'pay': {'pay'},
    'ask': {'request', 'technical'}, 'administer': {'administer'},
}


class CrmPortalBlock(models.Model):
    """A part of the pages on which a customer begins, for whom it is, and from whom it is kept."""

    _name = 'crm.portal.block'
    _description = "Block of the Portal"
    _order = 'place, sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    url = fields.Char("Page", readonly=True, help="The page to which it leads.")
    place = fields.Selection(
        [('home', "Home"), ('account', "Account Page")], required=True, readonly=True)
    sequence = fields.Integer(default=10)
    needs = fields.Selection([
        ('any', "Any Right"), ('order', "Sees Orders"), ('bill', "Sees Bills"),
        ('request', "Sees Requests"), ('buy', "Buyer"), ('pay', "Payer"),
        ('ask', "Requester or Technical"), ('administer', "Administrator"),
    ], "Shown To", default='any', required=True, help="Representatives with which rights.")
    partner_ids = fields.Many2many(
        'res.partner', 'res_partner_portal_block_rel', 'block_id', 'partner_id', "Hidden From",
        help="Customers who do not see it, whatever their rights.")

    _code_uniq = models.UniqueIndex('(code)', "A block is described once.")

    @api.model_create_multi
    def create(self, vals_list):
        blocks = super().create(vals_list)
        self.env.registry.clear_cache()
        return blocks

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _hidden_domain(self, customer, rights):
        """Return the blocks that somebody does not see.

        :param customer: for whom he acts, a `res.partner`
        :param frozenset rights: what he may do, some of `RIGHTS`
        :rtype: Domain
        """
        missing = [need for need, enough in NEEDS.items() if not enough & rights]
        return Domain('needs', 'in', missing) | Domain('partner_ids', 'in', customer.ids)
