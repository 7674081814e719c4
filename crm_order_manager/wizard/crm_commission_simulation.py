from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# So many orders are looked at before the cache is emptied.
BATCH = 500


class CrmCommissionSimulation(models.TransientModel):
    """What a plan would have paid in a period, had it been in force."""

    _name = 'crm.commission.simulation'
    _description = "Simulation of a Commission Plan"

    plan_id = fields.Many2one('crm.commission.plan', required=True, ondelete='cascade')
    currency_id = fields.Many2one(related='plan_id.currency_id')
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_day(months=-3, day=1))
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._default_day(day=1, days=-1))
    amount = fields.Monetary("Would Have Paid", compute='_compute_amount')
    amount_now = fields.Monetary("Was Earned", compute='_compute_amount')
    line_ids = fields.One2many('crm.commission.simulation.line', 'simulation_id', "By Person")

    _check_dates = models.Constraint(
        'CHECK (date_from <= date_to)', "The last day of a period cannot be before its first.")

    @api.model
    def _default_day(self, **delta):
        return self.env['crm.commission.settlement']._default_day(**delta)

    @api.depends('line_ids.amount', 'line_ids.amount_now')
    def _compute_amount(self):
        for simulation in self:
            simulation.amount = sum(simulation.line_ids.mapped('amount'))
            simulation.amount_now = sum(simulation.line_ids.mapped('amount_now'))

    def action_simulate(self):
        """Work out what the plan would have paid each person, and show it. Nothing is earned by it.

        It takes the people and prices as they are now. The dates of the plan do not matter, so that
        a plan that is yet to come can be tried on the past.

        :return: an action: the same dialog
        :rtype: dict
        """
        self.ensure_one()
        if not self.date_from or not self.date_to:
            raise UserError(self.env._("Choose the period that %s is to be tried on.",
                                       self.plan_id.name))
        earned, orders = self._simulate()
        now = self._earned_now()
        self.line_ids = [Command.clear()] + [
            Command.create({
                'user_id': user.id,
                'order_count': len(orders[user]),
                'amount': earned[user] * self.currency_id.rounding,
                'amount_now': now.get(user, 0.0),
            })
            for user in sorted(earned.keys() | now.keys(), key=lambda user: -earned.get(user, 0))
        ]
        return {
            'name': self.env._("Try %s", self.plan_id.name),
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
            'target': 'new',
        }

    def _simulate(self):
        """Return what each person would have earned, in coins, and on which orders."""
        earned, worked = defaultdict(int), defaultdict(set)
        # sudo: sale.order - who keeps plans sees what they would pay on all orders
        plan_sudo, orders_sudo = self.plan_id.sudo(), self.env['sale.order'].sudo()
        order_ids = orders_sudo.search(self._order_domain(), order='id').ids
        for start in range(0, len(order_ids), BATCH):
            batch = orders_sudo.browse(order_ids[start:start + BATCH])
            firsts = batch._first_orders() if plan_sudo.earner == 'first_order' else batch
            for order in batch:
                for claim in plan_sudo._claims(order, order._receipts(), order in firsts):
                    coins = sum(
                        part for day, part in claim.steps if self.date_from <= day <= self.date_to)
                    if claim.user and coins:
                        user = claim.user.sudo(self.env.su)
                        earned[user] += coins
                        worked[user].add(order.id)
            batch.invalidate_recordset()
        return earned, worked

    def _order_domain(self):
        """Return the domain of the orders for which money may have come or gone in the period.

        :rtype: Domain
        """
        company = self.plan_id.company_id
        domain = Domain('state', '=', 'sale') & Domain('company_id', '=', company.id)
        if self.plan_id.team_ids:
            domain &= Domain('team_id', 'in', self.plan_id.team_ids.ids)
        period = [('max_date', '>=', self.date_from), ('max_date', '<=', self.date_to)]
        moves = Domain.OR([
            Domain('line_ids.matched_credit_ids', 'any', period),
            Domain('line_ids.matched_debit_ids', 'any', period),
            Domain('matched_payment_ids.date', '>=', self.date_from)
            & Domain('matched_payment_ids.date', '<=', self.date_to),
            Domain('move_type', '=', 'out_refund') & Domain('date', '>=', self.date_from)
            & Domain('date', '<=', self.date_to),
        ])
        return domain & (
            Domain('order_line.invoice_lines.move_id', 'any', moves)
            | Domain('transaction_ids.last_state_change', '>=', self.date_from)
            & Domain('transaction_ids.last_state_change', '<',
                     fields.Date.add(self.date_to, days=1)))

    def _earned_now(self):
        """Return what each person did earn in the period by all plans.

        :rtype: dict[res.users, float]
        """
        return dict(self.env['crm.commission.entry']._read_group([
            ('state', '!=', 'expected'), ('company_id', '=', self.plan_id.company_id.id),
            ('date', '>=', self.date_from), ('date', '<=', self.date_to),
        ], ['user_id'], ['amount:sum']))


class CrmCommissionSimulationLine(models.TransientModel):
    """What one person would have earned."""

    _name = 'crm.commission.simulation.line'
    _description = "Person in the Simulation of a Commission Plan"

    simulation_id = fields.Many2one(
        'crm.commission.simulation', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', "Person", required=True)
    currency_id = fields.Many2one(related='simulation_id.currency_id')
    order_count = fields.Integer("Orders")
    amount = fields.Monetary("Would Have Paid")
    amount_now = fields.Monetary("Was Earned", help="By all plans that were in force.")
