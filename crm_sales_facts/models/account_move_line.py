from odoo import api, fields, models
from odoo.tools import SQL

from .. import books


class AccountMoveLine(models.Model):
    """What one unit of a sold line has cost, kept as it was when the bill was posted."""

    _inherit = 'account.move.line'

    unit_cost = fields.Float(
        digits=0, copy=False, readonly=True, min_display_digits='Product Price',
        groups='crm_sales_facts.group_margin_all',
        help="What one unit has cost when the bill was posted, in the currency of the company: as "
             "the line of the order said, else the product. It does not follow later costs.")

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env['account.move'].browse(
            {vals['move_id'] for vals in vals_list if vals.get('move_id')})
        with moves._sales_facts_kept():
            return super().create(vals_list)

    def write(self, vals):
        if books.LINE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        moves = self.move_id | self.env['account.move'].browse(vals.get('move_id') or [])
        with moves._sales_facts_kept():
            result = super().write(vals)
            if not {'product_id', 'product_uom_id'}.isdisjoint(vals) and 'unit_cost' not in vals:
                self._forget_unit_cost()
        return result

    def unlink(self):
        with self.move_id._sales_facts_kept():
            return super().unlink()

    def _keep_unit_costs(self, costs):
        """Keep what a unit of the lines has cost; it is written with what posting changes on them.

        Lines that sell nothing have cost nothing: so one statement still writes all lines.

        :param dict costs: by id of the line
        """
        field = self._fields['unit_cost']
        for line in self if costs else ():
            if line.id in costs or line.display_type != 'product':
                field.write(line, float(costs.get(line.id, 0)))

    def _forget_unit_cost(self):
        """Let the cost be frozen anew: something else is sold, or by another unit."""
        self.flush_recordset(['unit_cost'])
        self.env.cr.execute(
            "UPDATE account_move_line SET unit_cost = NULL"
            " WHERE id = ANY(%s) AND unit_cost IS NOT NULL", [self.ids])
        self.invalidate_recordset(['unit_cost'], flush=False)

    @api.model
    def _freeze_unit_costs(self):
        """Freeze the cost of every posted line that sells something and has none yet.

        Bills come first: what they have cost counts for their credit notes.
        """
        self.env['crm.sales.fact']._flush_books()
        for scope in (SQL("move.move_type != 'out_refund'"), SQL("TRUE")):
            self.env.cr.execute(SQL(
                "UPDATE account_move_line SET unit_cost = cost.unit_cost FROM (%s) AS cost"
                " WHERE id = cost.line_id", books.costs(scope)))
        self.invalidate_model(['unit_cost'], flush=False)
