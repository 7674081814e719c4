from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

KINDS = [
    ('spouse', "Spouse"),
    ('family', "Family"),
    ('friend', "Friend"),
    ('neighbour', "Neighbor"),
    ('colleague', "Colleague"),
    ('business', "Business Partner"),
    ('owner', "Same Owner"),
]


class CrmPartnerRelation(models.Model):
    """Two contacts who have to do with each other; it holds in both directions."""

    _name = 'crm.partner.relation'
    _description = "Relation"
    _order = 'partner_id, other_id, id'
    _rec_name = 'partner_id'

    kind = fields.Selection(KINDS, default='spouse', required=True, index=True)
    partner_id = fields.Many2one(
        'res.partner', "Contact", required=True, index=True, ondelete='cascade')
    other_id = fields.Many2one(
        'res.partner', "Related to", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', help="Only in this company; empty: in all.")
    note = fields.Char()

    _pair_uniq = models.UniqueIndex(
        "(kind, LEAST(partner_id, other_id), GREATEST(partner_id, other_id))",
        "This relation is known already, perhaps in the other direction.")

    @api.constrains('partner_id', 'other_id')
    def _check_other(self):
        for relation in self:
            if relation.partner_id == relation.other_id:
                raise ValidationError(self.env._(
                    "%(contact)s cannot be related to himself: choose somebody else.",
                    contact=relation.partner_id.display_name))

    @api.depends('partner_id', 'other_id')
    def _compute_display_name(self):
        for relation in self:
            names = relation.partner_id.display_name or '', relation.other_id.display_name or ''
            relation.display_name = " – ".join(names)

    @api.model
    def _domain_of(self, partners):
        """Return the domain of the relations in which any of some contacts is.

        :param res.partner partners: contacts
        :rtype: Domain
        """
        return Domain('partner_id', 'in', partners.ids) | Domain('other_id', 'in', partners.ids)
