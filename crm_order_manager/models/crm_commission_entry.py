from odoo import api, fields, models

from .commission import newest, units

STATES = [
    ('expected', "Expected"),
    ('earned', "Earned"),
    ('reversed', "Reversed"),
    ('settled', "Settled"),
]


class CrmCommissionEntry(models.Model):
    """What one person earns, or is to give back, on one order by one plan.

    Nobody writes entries by hand: they follow the orders. What is settled never changes; what is
    to be taken back from it is an entry of its own, below 0.
    """

    _name = 'crm.commission.entry'
    _description = "Commission"
    _order = 'date DESC, id DESC'
    _rec_name = 'order_id'

    state = fields.Selection(STATES, "Status", required=True, index=True)
    role = fields.Selection(
        [('order_manager', "Order Manager"), ('personal_manager', "Personal Manager")],
        "Earned as", required=True)
    user_id = fields.Many2one('res.users', "Person", required=True, index=True)
    plan_id = fields.Many2one(
        'crm.commission.plan', required=True, index=True, ondelete='restrict')
    order_id = fields.Many2one('sale.order', required=True, index=True, ondelete='cascade')
    partner_id = fields.Many2one(
        related='order_id.partner_id', string="Customer", store=True, index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(
        required=True, help="When the money came or went; while expected, the day of the order.")
    amount = fields.Monetary("Commission", required=True)
    basis = fields.Monetary(
        help="The part of what was received, or of its margin, that this commission is for. "
             "Where two share a commission, the share of this person.")
    origin_id = fields.Many2one(
        'crm.commission.entry', "Takes Back", index='btree_not_null', ondelete='cascade',
        help="The commission that is taken back, in whole or in part.")

    settlement_id = fields.Many2one(
        'crm.commission.settlement', index='btree_not_null', ondelete='set null')

    _expected_unique = models.UniqueIndex(
        "(order_id, plan_id, role) WHERE state = 'expected'",
        "An order has one expected commission for each plan and role.")

    @api.depends('order_id', 'user_id')
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = f'{entry.order_id.name}, {entry.user_id.name}'

    def action_view_order(self):
        """Open the order the commission is for."""
        self.ensure_one()
        return self.order_id.get_formview_action()

    @api.model
    def _update(self, orders, firsts):
        """Bring the commissions on orders to what payments, people and plans make of them.

        :param orders: `sale.order` records, locked
        :param firsts: those of them that are the first of their customer
        """
        # sudo: crm.commission.entry - nobody may write them, they follow the orders
        entries_sudo = self.sudo().search([('order_id', 'in', orders.ids)])
        known = entries_sudo.grouped(lambda entry: (entry.order_id, entry.plan_id))
        plans = entries_sudo.plan_id | entries_sudo.plan_id.search([('active', '=', True)])
        nothing = outdated = entries_sudo.browse()
        values = []
        # All of them at once; each order looks at its own.
        orders._fetch_payments()
        orders.order_line.product_id.mapped('categ_id')
        for order in orders:
            for claim in self._claims(order, plans, known, order in firsts):
                mine = known.get((order, claim.plan), nothing)._of_role(claim)
                outdated |= (gone := mine._outdated(claim))
                values += (mine - gone)._follow(claim)
        outdated.unlink()
        entries_sudo.create(values)

    @api.model
    def _claims(self, order, plans, known, is_first):
        """Yield what is due on an order by each of the plans that pay, or have paid, for it."""
        confirmed = order.state == 'sale'
        receipts = order._receipts() if confirmed and plans else []
        for plan in plans:
            in_force = confirmed and plan._pays_for(order)
            if in_force or (order, plan) in known:
                yield from plan._claims(order, receipts, is_first, in_force)

    def _of_role(self, claim):
        """Return those of the entries that are about the same part of a commission as `claim`."""
        if claim.plan.earner != 'split':
            return self
        return self.filtered(lambda entry: entry.role == claim.role)

    def _outdated(self, claim):
        """Return the entries that are nobody's any more, and what is no more expected."""
        expected = self.filtered(lambda entry: entry.state == 'expected')
        if not claim.user:
            return expected | self._unsettled()
        return expected if claim.due <= claim.earned else self.browse()

    def _unsettled(self):
        """Return the earned entries that still go to whoever has the order, and their reversals.

        What is taken back from a settled commission stays with who was paid.
        """
        return self.filtered(
            lambda entry: entry.state in ('earned', 'reversed')
            and entry.origin_id.state != 'settled')

    def _follow(self, claim):
        """Give the entries to who earns now, and bring what is expected up to date.

        :return: the values of the entries that are missing
        :rtype: list[dict]
        """
        expected = self.filtered(lambda entry: entry.state == 'expected')
        booked = self - expected
        (expected | booked._unsettled())._give_to(claim)
        coin = claim.plan.currency_id.rounding
        missing = claim.earned - sum(units(entry.amount, coin) for entry in booked)
        if missing < 0:
            values = booked._prepare_reversals(-missing, claim)
        elif claim.user:
            values = [
                claim.plan._prepare_entry(claim, 'earned', coins, day)
                for day, coins in newest(missing, claim.steps)
            ]
        else:
            values = []
        if claim.user and claim.due > claim.earned:
            value = claim.plan._prepare_entry(
                claim, 'expected', claim.due - claim.earned, claim.order._commission_day())
            if expected:
                expected.write({name: value[name] for name in ('amount', 'basis', 'date')})
            else:
                values.append(value)
        return values

    def _give_to(self, claim):
        """Move entries to who has the order now, out of the drafts of settlements they are in."""
        moving = self.filtered(
            lambda entry: (entry.user_id, entry.role) != (claim.user, claim.role))
        if moving:
            moving.write({
                'user_id': claim.user.id, 'role': claim.role, 'settlement_id': False})

    def _prepare_reversals(self, coins, claim):
        """Return the values of entries that take back what is too much, the newest first.

        What is not settled goes before what is; each is taken back from who has it.
        """
        coin = claim.plan.currency_id.rounding
        taken = {}
        for entry in self.filtered('origin_id'):
            taken[entry.origin_id] = taken.get(entry.origin_id, 0) + units(entry.amount, coin)
        there = self.filtered(lambda entry: not entry.origin_id).sorted(
            lambda entry: (entry.state != 'settled', entry.date, entry.id))
        balances = [(entry, units(entry.amount, coin) + taken.get(entry, 0)) for entry in there]
        days = [day for day, part in claim.steps if part < 0]
        return [
            {
                'state': 'reversed',
                'role': entry.role,
                'user_id': entry.user_id.id,
                'plan_id': entry.plan_id.id,
                'order_id': entry.order_id.id,
                'date': max(days, default=fields.Date.today()),
                'amount': -part * coin,
                'basis': -part * coin * entry.basis / entry.amount,
                'origin_id': entry.id,
            }
            for entry, part in newest(coins, balances)
        ]
