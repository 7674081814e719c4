from odoo import models
from odoo.tools import SQL

from .. import books


class ResPartner(models.Model):
    """A customer is the commercial entity: who joins a company brings his purchases along."""

    _inherit = 'res.partner'

    def write(self, vals):
        if {'parent_id', 'is_company'}.isdisjoint(vals):
            return super().write(vals)
        # sudo: res.partner - bills of contacts that the user may not read count as well
        family_sudo = self.sudo().with_context(active_test=False).search(
            [('id', 'child_of', self.ids)])
        before = {partner: partner.commercial_partner_id for partner in family_sudo}
        result = super().write(vals)
        family_sudo.filtered(
            lambda partner: partner.commercial_partner_id != before[partner]
        )._move_sales_facts(before)
        return result

    def _move_sales_facts(self, before):
        """Give what was sold to contacts to the customers they now belong to.

        :param dict before: the customer each of them belonged to
        """
        facts = self.env['crm.sales.fact']
        if self:
            facts._flush_books()
        for customer, contacts in self.grouped(before.get).items():
            scope = SQL("partner.id = ANY(%s)", contacts.ids)
            facts._append(books.booked(scope, sign=-1, partner=SQL("%s::int", customer.id)))
            facts._append(books.booked(scope))
