from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .commission import increments, split, units

EARNERS = [
    ('order_manager', "Order manager"),
    ('personal_manager', "Personal manager"),
    ('order_or_personal', "Order manager, or else the personal manager"),
    ('first_order', "Personal manager, on the first order of the customer"),
    ('split', "Both, each his share"),
]
# What settled commissions were worked out by: it does not change under them.
TERMS = {'rate', 'base', 'rate_ids', 'earner', 'manager_share', 'company_id'}
# What else decides which orders a plan pays for, and whom.
SCOPE = {'active', 'date_from', 'date_to', 'team_ids', 'user_ids'}


@dataclass
class Claim:
    """What one role earns on one order by one plan; money in coins of the company's currency."""

    plan: object
    order: object
    role: str
    user: object
    due: int
    steps: list
    basis: float

    @property
    def earned(self):
        return sum(coins for _day, coins in self.steps)


class CrmCommissionPlan(models.Model):
    """Which share of the money that comes in, or of the margin, is paid to whom."""

    _name = 'crm.commission.plan'
    _description = "Commission Plan"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    base = fields.Selection(
        [('paid', "Untaxed amount received"), ('margin', "Margin on what was received")],
        "Percentage of", required=True, default='paid',
        help="Who is paid by the margin can tell from his commission what his orders have earned.")
    rate = fields.Float("Rate (%)", digits=(16, 2), required=True)
    earner = fields.Selection(EARNERS, "Who Earns", required=True, default='order_manager')
    manager_share = fields.Float(
        "Order Manager's Share (%)", digits=(16, 2), default=50.0,
        help="The rest is the personal manager's. What has nobody to go to is not paid.")
    user_ids = fields.Many2many(
        'res.users', string="Persons", domain=[('share', '=', False)],
        help="Only they earn by this plan; nobody named means everybody.")
    team_ids = fields.Many2many(
        'crm.team', string="Sales Teams",
        help="Only their orders pay by this plan; none named means all.")
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date_from = fields.Date("From", help="The first day whose orders pay by this plan.")
    date_to = fields.Date("Until", help="The last day whose orders pay by this plan.")
    rate_ids = fields.One2many(
        'crm.commission.rate', 'plan_id', "Other Rates by Product Category", copy=True)
    entry_ids = fields.One2many('crm.commission.entry', 'plan_id')
    is_settled = fields.Boolean(
        compute='_compute_is_settled', help="Commissions by this plan were settled.")

    _check_rate = models.Constraint(
        'CHECK (rate >= 0 AND rate <= 100)', "A rate is between 0 and 100 percent.")
    _check_manager_share = models.Constraint(
        'CHECK (manager_share >= 0 AND manager_share <= 100)',
        "The order manager's share is between 0 and 100 percent.")
    _check_dates = models.Constraint(
        'CHECK (date_from <= date_to)', "The last day of a plan cannot be before its first.")

    @api.depends('entry_ids.state')
    def _compute_is_settled(self):
        # sudo: crm.commission.entry - whether anybody's was settled, not whose
        settled = self.env['crm.commission.entry'].sudo()._read_group(
            [('plan_id', 'in', self.ids), ('state', '=', 'settled')], ['plan_id'])
        found = {plan.id for plan, in settled}
        for plan in self:
            plan.is_settled = plan._origin.id in found

    @api.constrains('rate', 'rate_ids')
    def _check_pays_something(self):
        for plan in self:
            if not plan.rate and not any(plan.rate_ids.mapped('rate')):
                raise ValidationError(self.env._(
                    "%s pays nothing. Enter a rate, or rates of product categories.", plan.name))

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._mark_orders()
        return plans

    def write(self, vals):
        if TERMS & vals.keys():
            self._start_over()
        result = super().write(vals)
        if (TERMS | SCOPE) & vals.keys():
            self._mark_orders()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: crm.commission.entry - whether there are any, of whomever
        for plan in self.sudo().filtered('entry_ids'):
            raise UserError(self.env._(
                "%s has commissions. Set its last day, or archive it, instead.", plan.name))

    def copy_data(self, default=None):
        return [
            {**values, 'name': self.env._("%s (copy)", plan.name)}
            for plan, values in zip(self, super().copy_data(default), strict=True)
        ]

    def action_view_entries(self):
        """Open the commissions by the plan."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.crm_commission_entry_action')
        action['domain'] = [('plan_id', '=', self.id)]
        action['context'] = {'search_default_group_by_user': 1}
        return action

    def _start_over(self):
        """Drop the commissions by the plans, to be worked out again by other terms.

        :raise UserError: when some of them were settled
        """
        for plan in self:
            if plan.is_settled:
                raise UserError(self.env._(
                    "Commissions by %s were settled, so its terms stay. "
                    "Set its last day, and duplicate it with the new terms.", plan.name))
        # sudo: crm.commission.entry - nothing of it is settled, whoever it was for
        self.sudo().entry_ids.unlink()

    @api.model
    def _pay_first_orders(self, companies):
        """Tell whether a plan of the companies, archived or not, pays for first orders."""
        return bool(self.with_context(active_test=False).search_count(
            [('earner', '=', 'first_order'), ('company_id', 'in', companies.ids)], limit=1))

    def _mark_orders(self):
        """Mark the orders the plans may pay for, and those they have commissions on."""
        domain = Domain.OR(plan._order_domain() for plan in self)
        # sudo: sale.order - whoever changes a plan changes it for all orders
        orders_sudo = self.env['sale.order'].sudo()
        orders_sudo.flush_model()
        self.env.flush_all()
        query = orders_sudo.with_context(active_test=False)._search(domain)
        self.env.execute_query(SQL(
            """
            UPDATE sale_order SET commission_due = TRUE
            WHERE id IN %s AND commission_due IS NOT TRUE RETURNING id
            """, query.subselect()))
        orders_sudo.invalidate_model(['commission_due'])

    def _order_domain(self):
        """Return the domain of the orders on which the plan pays, or has paid.

        :rtype: Domain
        """
        self.ensure_one()
        confirmed = Domain('state', '=', 'sale') & Domain('company_id', '=', self.company_id.id)
        if self.team_ids:
            confirmed &= Domain('team_id', 'in', self.team_ids.ids)
        # A day more on either side: where the company is, it may be another day.
        if self.date_from:
            confirmed &= Domain('date_order', '>=', fields.Date.subtract(self.date_from, days=1))
        if self.date_to:
            confirmed &= Domain('date_order', '<', fields.Date.add(self.date_to, days=2))
        return confirmed | Domain('commission_entry_ids.plan_id', '=', self.id)

    def _pays_for(self, order):
        """Tell whether the plan is in force for an order."""
        if not self.active or (self.team_ids and order.team_id not in self.team_ids):
            return False
        day = order._commission_day()
        return not (
            (self.date_from and day < self.date_from) or (self.date_to and day > self.date_to))

    def _people(self, order, is_first):
        """Return who earns on an order by the plan, and in which role, part by part.

        :param order: a `sale.order`
        :param bool is_first: whether it is the first order of its customer
        :return: triples of role, `res.users` (empty for nobody) and share
        :rtype: list[tuple]
        """
        manager = ('order_manager', order.order_manager_id)
        personal = ('personal_manager', order.partner_id.personal_manager_id)
        nobody = ('personal_manager', order.partner_id.personal_manager_id.browse())
        if self.earner == 'split':
            return [(*manager, self.manager_share), (*personal, 100 - self.manager_share)]
        return [(*{
            'order_manager': manager,
            'personal_manager': personal,
            'order_or_personal': manager if order.order_manager_id else personal,
            'first_order': personal if is_first else nobody,
        }[self.earner], 100)]

    def _claims(self, order, receipts, is_first=False, in_force=True):
        """Return what is due and what is earned on an order by the plan, for each who earns.

        :param order: a `sale.order`
        :param list receipts: what came in for it, see `sale.order._receipts`
        :param bool is_first: whether it is the first order of its customer
        :param bool in_force: whether the plan pays somebody for this order
        :rtype: list[Claim]
        """
        people = self._people(order, is_first)
        shares = [share for _role, _user, share in people]
        worth, basis = self._worth(order)
        total = order.amount_total
        per_money = worth / total / self.currency_id.rounding if total else 0.0
        owed = order.amount_received + order.amount_unpaid if order.state == 'sale' else 0.0
        dues = split(units(max(owed * per_money, 0.0), 1), shares)
        steps = increments(receipts, per_money, shares)
        return [
            Claim(
                self, order, role,
                user if in_force and (not self.user_ids or user in self.user_ids)
                else user.browse(),
                due, part, basis / worth if worth else 0.0)
            for (role, user, _share), due, part in zip(people, dues, steps, strict=True)
        ]

    def _prepare_entry(self, claim, state, coins, day):
        """Return the values of an entry over `coins` that somebody earns, or is to earn."""
        amount = coins * self.currency_id.rounding
        return {
            'state': state,
            'role': claim.role,
            'user_id': claim.user.id,
            'plan_id': self.id,
            'order_id': claim.order.id,
            'date': day,
            'amount': amount,
            'basis': amount * claim.basis,
        }

    def _worth(self, order):
        """Return what an order pays once it is paid, and of how much that is the percentage.

        :return: two amounts in the currency of the company, not rounded
        :rtype: tuple[float, float]
        """
        rates = {rate.category_id.id: rate.rate for rate in self.rate_ids}
        worth = basis = 0.0
        for line in order.order_line.filtered(lambda line: not line.display_type):
            rate = self._rate_of(line.product_id.categ_id, rates)
            if rate:
                amount = line.price_subtotal if self.base == 'paid' else line.margin
                worth += amount * rate / 100
                basis += amount
        rate = order.currency_rate or 1.0
        return max(worth, 0.0) / rate, max(basis, 0.0) / rate

    def _rate_of(self, category, rates):
        """Return the rate of a product category: its own, the nearest above, or the plan's."""
        for ancestor in reversed((category.parent_path or '').split('/')[:-1]):
            if int(ancestor) in rates:
                return rates[int(ancestor)]
        return self.rate
