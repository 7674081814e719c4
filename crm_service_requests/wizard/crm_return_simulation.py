from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.crm_return_policy_rule import CONDITIONS
from ..models.return_decision_sql import accepted_sql, fee_sql


class CrmReturnSimulation(models.TransientModel):
    """What a return policy would have decided, tried out on what was bought and sent back."""

    _name = 'crm.return.simulation'
    _description = "Simulation of a Return Policy"

    policy_id = fields.Many2one(
        'crm.return.policy', required=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date_from = fields.Date(
        "Since", required=True,
        default=lambda self: fields.Date.context_today(self) - relativedelta(years=1))
    condition = fields.Selection(
        CONDITIONS, "Sent Back", default='unopened', required=True,
        help="In which condition the purchases are taken to come back.")
    line_count = fields.Integer("Purchases", compute='_compute_purchases')
    now_count = fields.Integer("Returnable Now", compute='_compute_purchases')
    now_amount = fields.Monetary(compute='_compute_purchases')
    new_count = fields.Integer("Returnable by This Policy", compute='_compute_purchases')
    new_amount = fields.Monetary(compute='_compute_purchases')
    decided_count = fields.Integer("Lines Sent Back", compute='_compute_returns')
    accepted_count = fields.Integer("Accepted Instead", compute='_compute_returns')
    accepted_amount = fields.Monetary(compute='_compute_returns')
    rejected_count = fields.Integer("Rejected Instead", compute='_compute_returns')
    rejected_amount = fields.Monetary(compute='_compute_returns')

    @api.depends('policy_id', 'company_id', 'date_from', 'condition')
    def _compute_purchases(self):
        for simulation in self:
            rows = simulation._simulate_purchases()
            simulation.line_count = sum(row['count'] for row in rows)
            for name in ('now', 'new'):
                simulation[f'{name}_count'] = sum(row[f'{name}_count'] for row in rows)
                simulation[f'{name}_amount'] = simulation._total(rows, f'{name}_amount')

    @api.depends('policy_id', 'company_id', 'date_from')
    def _compute_returns(self):
        for simulation in self:
            rows = simulation._simulate_returns(SQL("""
                currency_id, COUNT(*) AS count,
                COUNT(*) FILTER (WHERE new AND NOT old) AS accepted_count,
                COALESCE(SUM(new_amount) FILTER (WHERE new AND NOT old), 0) AS accepted_amount,
                COUNT(*) FILTER (WHERE old AND NOT new) AS rejected_count,
                COALESCE(SUM(old_amount) FILTER (WHERE old AND NOT new), 0) AS rejected_amount"""),
                SQL("GROUP BY currency_id"))
            simulation.decided_count = sum(row['count'] for row in rows)
            for name in ('accepted', 'rejected'):
                simulation[f'{name}_count'] = sum(row[f'{name}_count'] for row in rows)
                simulation[f'{name}_amount'] = simulation._total(rows, f'{name}_amount')

    def action_view_changed(self):
        """Open the lines of returns on which the policy would have decided otherwise.

        :rtype: dict
        """
        self.ensure_one()
        rows = self._simulate_returns(SQL("id"), SQL("WHERE old <> new"))
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'crm_service_requests.crm_request_return_line_action'),
            'name': self.env._("Decided Otherwise"),
            'views': [[False, 'list']],
            'domain': [('id', 'in', [row['id'] for row in rows])],
        }

    def _simulate_purchases(self):
        """Return what of the purchases could go back today, by the policy in force and by this.

        :return: counts and amounts by currency
        :rtype: list[dict]
        """
        self.ensure_one()
        purchases = self.env['crm.return.purchase']._search([
            ('company_id', '=', self.company_id.id), ('date_order', '>=', self.date_from),
            ('product_id.type', '=', 'consu'), ('returnable', '>', 0)])
        fact = SQL(
            "SELECT purchase.*, purchase.returnable AS quantity, %s AS condition, %s "
            "FROM (%s) purchase %s", self.condition,
            self._facts_sql(SQL("%s::date", fields.Date.context_today(self))),
            purchases.select(SQL("crm_return_purchase.*")), self._joins_sql())
        old = self.env['crm.return.policy']._in_force(self.company_id)._plain_or_nothing()
        return self.env.execute_query_dict(SQL("""
            SELECT currency_id, COUNT(*) AS count,
                   COUNT(*) FILTER (WHERE old) AS now_count,
                   COALESCE(SUM(old_amount) FILTER (WHERE old), 0) AS now_amount,
                   COUNT(*) FILTER (WHERE new) AS new_count,
                   COALESCE(SUM(new_amount) FILTER (WHERE new), 0) AS new_amount
              FROM (SELECT fact.currency_id, %s, %s FROM (%s) fact) decided
             GROUP BY currency_id""",
            self._decided_sql(old, 'old'),
            self._decided_sql(self.policy_id._plain_or_nothing(), 'new'), fact))

    def _simulate_returns(self, columns, rest):
        """Return how the policy would have decided on what was sent back.

        :param SQL columns: what is asked of ``id``, ``currency_id``, ``old``, ``new`` (whether it
            was and would have been accepted), ``old_amount`` and ``new_amount``
        :param SQL rest: what follows after the FROM
        :rtype: list[dict]
        """
        self.ensure_one()
        lines = self.env['crm.request.return.line']._search([
            ('company_id', '=', self.company_id.id), ('decision', '!=', False),
            ('request_id.date_received', '>=', self.date_from)])
        fact = SQL(
            """SELECT back.id, back.decision = 'accepted' AS old, back.amount AS old_amount,
                      back.quantity, back.condition, purchase.bought, purchase.paid,
                      purchase.price_unit, purchase.currency_id,
                      (SELECT COALESCE(SUM(earlier.quantity), 0)
                         FROM crm_request_return_line earlier
                        WHERE earlier.decision = 'accepted' AND earlier.id < back.id
                          AND (earlier.sale_line_id = purchase.sale_line_id
                               OR earlier.move_line_id = purchase.move_line_id)) AS returned, %s
                 FROM (%s) back
                 JOIN crm_request request ON request.id = back.request_id
                 JOIN (%s) purchase ON purchase.id =
                      COALESCE(back.sale_line_id * 2, back.move_line_id * 2 + 1) %s""",
            self._facts_sql(SQL("request.date_received::date")),
            lines.select(SQL("crm_request_return_line.*")),
            self.env['crm.return.purchase']._search(
                Domain('sale_line_id', 'in', lines.subselect('sale_line_id'))
                | Domain('move_line_id', 'in', lines.subselect('move_line_id'))
            ).select(SQL("crm_return_purchase.*")), self._joins_sql())
        return self.env.execute_query_dict(SQL(
            "SELECT %s FROM (SELECT fact.id, fact.currency_id, fact.old, fact.old_amount, %s "
            "FROM (%s) fact) decided %s", columns,
            self._decided_sql(self.policy_id._plain_or_nothing(), 'new'), fact, rest))

    def _facts_sql(self, day):
        """Return what a decision asks of a purchase beside its quantities, on a day."""
        return SQL("""
            %(day)s - purchase.date_order::date AS age_order,
            %(day)s - purchase.date_delivery::date AS age_delivery,
            %(day)s - purchase.date_bill AS age_bill, template.return_days,
            '/' || category.parent_path AS category_path,
            ARRAY(SELECT tag.category_id FROM res_partner_res_partner_category_rel tag
                   WHERE tag.partner_id = purchase.partner_id) AS tags""", day=day)

    def _joins_sql(self):
        return SQL("""
            JOIN product_product product ON product.id = purchase.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
            LEFT JOIN product_category category ON category.id = template.categ_id""")

    def _decided_sql(self, rules, name):
        """Return what a policy decides on a row and what it pays back, under a name."""
        return SQL(
            "%s AS %s, fact.price_unit * fact.quantity * (100 - %s) / 100 AS %s",
            accepted_sql(*rules), SQL.identifier(name), fee_sql(*rules),
            SQL.identifier(f'{name}_amount'))

    def _total(self, rows, name):
        """Return the sum of amounts in the currency of the company."""
        currencies, today = self.env['res.currency'], fields.Date.context_today(self)
        return sum(
            currencies.browse(row['currency_id'])._convert(
                float(row[name]), self.currency_id, self.company_id, today)
            for row in rows if row['currency_id'])
