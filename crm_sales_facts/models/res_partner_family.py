from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists


class ResPartner(models.Model):
    """Companies below one company are a group, each of them a customer of its own."""

    _inherit = 'res.partner'

    family_id = fields.Many2one(
        'res.partner', "Group of Companies", compute='_compute_family_id', store=True,
        recursive=True, index='btree_not_null',
        help="The company above all others the contact belongs to, or else the contact.")

    @api.depends('parent_id.family_id')
    def _compute_family_id(self):
        for partner in self:
            partner.family_id = partner.parent_id.family_id or partner

    def _auto_init(self):
        if not column_exists(self.env.cr, self._table, 'family_id'):
            self._fill_family_id()
        return super()._auto_init()

    def _fill_family_id(self):
        """Fill the column by one statement."""
        self.env.cr.execute(SQL("ALTER TABLE res_partner ADD COLUMN family_id int4"))
        self.env.cr.execute(SQL(
            """
            WITH RECURSIVE family AS (
                SELECT id, id AS family_id FROM res_partner WHERE parent_id IS NULL
                UNION ALL
                SELECT partner.id, family.family_id FROM res_partner partner
                JOIN family ON family.id = partner.parent_id
            )
            UPDATE res_partner SET family_id = family.family_id
            FROM family WHERE family.id = res_partner.id
            """))
