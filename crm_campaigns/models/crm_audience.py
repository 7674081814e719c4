from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SAMPLE = 20
# Whom one can do business with: neither colleagues nor the contact persons of a customer.
CUSTOMERS = Domain('partner_share', '=', True)
JOIN = {'all': " AND ", 'any': " OR ", 'none': " OR "}


class CrmAudience(models.Model):
    """Customers chosen by what they did and what they are, found anew whenever it is used."""

    _name = 'crm.audience'
    _description = "Audience"
    _inherit = ['mail.thread']
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    note = fields.Text("Purpose", translate=True)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company,
        help="Amounts are in the currency of this company.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    match = fields.Selection(
        [('all', "All groups of criteria"), ('any', "Any group of criteria")], "Customers Meet",
        default='all', required=True)
    criterion_ids = fields.One2many(
        'crm.audience.criterion', 'audience_id', "Criteria", copy=True)
    has_groups = fields.Boolean(compute='_compute_has_groups')
    customer_count = fields.Integer("Customers", compute='_compute_customers')
    sample_ids = fields.Many2many(
        'res.partner', string="Some of Them", compute='_compute_customers')

    @api.depends('criterion_ids.is_group')
    def _compute_has_groups(self):
        for audience in self:
            audience.has_groups = any(audience.criterion_ids.mapped('is_group'))

    @api.depends(lambda self: [
        'match', 'company_id', 'criterion_ids.sequence',
        *(f'criterion_ids.{name}' for name in self.env['crm.audience.criterion']._rule_fields())])
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_customers(self):
        self.customer_count = 0
        self.sample_ids = False
        with self.criterion_ids._looked_up_once():
            for audience in self.filtered(lambda audience: not audience._problem()):
                query = audience._query()
                query.limit = SAMPLE
                rows = self.env.execute_query(query.select(
                    SQL.identifier(query.table, 'id'), SQL("count(*) OVER ()")))
                audience.customer_count = rows[0][1] if rows else 0
                audience.sample_ids = self.env['res.partner'].browse(row[0] for row in rows)

    def _customers(self, limit=None):
        """Return the customers that the user finds in the audience now.

        :param int limit: so many at most, the oldest first
        :rtype: res.partner
        :raise AccessError: when the audience asks for what the user may not see
        """
        query = self._query()
        query.limit = limit
        return self.env['res.partner'].browse(query)

    def _query(self):
        """Return the one statement that finds the customers, with the rights of the user in it.

        :return: a query of `res.partner`, by the order in which they were made
        :rtype: odoo.tools.query.Query
        :raise AccessError: when the audience asks for what the user may not see
        """
        self.ensure_one()
        # The criteria read columns that the fields of the query do not tell of.
        self.env.flush_all()
        query = self._universe()
        with self.criterion_ids._looked_up_once():
            query.add_where(self._condition(SQL.identifier(query.table, 'id')))
        return query

    @api.model
    def _universe(self):
        """Return the query of the customers that the user sees, in the order they were made.

        :rtype: odoo.tools.query.Query
        """
        query = self.env['res.partner']._search(CUSTOMERS, order='id')
        # The database counts how many these are, see `_customer_idx`.
        query.add_where(SQL(
            "(%s = %s) IS TRUE", SQL.identifier(query.table, 'commercial_partner_id'),
            SQL.identifier(query.table, 'id')))
        return query

    def _condition(self, partner):
        """Return when a customer is in the audience.

        :param partner: the id of the customer as SQL, or a number when only he is asked about
        :rtype: SQL
        """
        groups = [
            SQL("%s(%s)", SQL("NOT ") if match == 'none' else SQL(), SQL(JOIN[match]).join(
                criterion._condition(partner) for criterion in criteria))
            for match, criteria in self._groups() if criteria
        ]
        return SQL("(%s)", SQL(JOIN[self.match]).join(groups)) if groups else SQL("TRUE")

    def _groups(self):
        """Return how the criteria of each group are joined, and which they are.

        :rtype: list[tuple[str, list]]
        """
        groups = [('all', [])]
        for criterion in self.criterion_ids.sorted(
                lambda criterion: (criterion.sequence, criterion._origin.id or 0)):
            if criterion.is_group:
                groups.append((criterion.match, []))
            else:
                groups[-1][1].append(criterion)
        return groups

    def action_customers(self):
        """Open the customers that are in the audience now."""
        self.ensure_one()
        return {
            'name': self.name,
            'type': 'ir.actions.act_window',
            'res_model': 'res.partner',
            'view_mode': 'list,kanban,form',
            'domain': [('audience_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_mailing(self):
        """Write a mailing to the customers that are in the audience when it is sent."""
        self.ensure_one()
        partners = self.env['ir.model']._get_id('res.partner')
        return {
            'name': self.env._("Mailing to %(audience)s", audience=self.name),
            'type': 'ir.actions.act_window',
            'res_model': 'mailing.mailing',
            'view_mode': 'form',
            'context': {
                'default_mailing_type': 'mail',
                'default_mailing_model_id': partners,
                'default_mailing_domain': str([('audience_id', '=', self.id)]),
            },
        }
