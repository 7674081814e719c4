from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .commission import dated

# Who may earn a commission.
EARNERS = 'crm_roles.group_order_manager,crm_roles.group_account_representative'
# So many orders are brought up to date at once, and committed.
BATCH = 100
# A batch fails only when somebody else committed a moment before.
ATTEMPTS = 20


class SaleOrder(models.Model):
    """The commissions on an order follow its payments, its people and the plans."""

    _inherit = 'sale.order'

    commission_due = fields.Boolean(
        "Commissions to Update", compute='_compute_commission_due', store=True,
        help="Something changed on which commissions depend.")
    commission_entry_ids = fields.One2many(
        'crm.commission.entry', 'order_id', "Commissions", groups=EARNERS)
    commission_amount = fields.Monetary(
        "Commission", compute='_compute_commission_amount',
        currency_field='company_currency_id', groups=EARNERS)
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency")

    _commission_due_idx = models.Index("(id) WHERE commission_due")

    @api.depends(
        'state', 'date_order', 'company_id', 'currency_rate', 'team_id',
        'amount_total', 'amount_received', 'amount_unpaid', 'order_line.price_subtotal',
        'order_line.margin', 'order_line.product_id', 'order_manager_id', 'partner_id',
        'partner_id.personal_manager_id', 'partner_id.commercial_partner_id')
    def _compute_commission_due(self):
        """Mark what changed; the mark is taken away in the statement that takes the order up."""
        confirmed = self.filtered(lambda order: order.state == 'sale')
        others = self - confirmed
        confirmed.commission_due = True
        for order in others:
            order.commission_due = bool(order._origin.commission_entry_ids)

    @api.depends('commission_entry_ids.amount')
    @api.depends_context('uid')
    def _compute_commission_amount(self):
        sums = dict(self.env['crm.commission.entry']._read_group(
            [('order_id', 'in', self.ids)], ['order_id'], ['amount:sum']))
        for order in self:
            order.commission_amount = sums.get(order._origin, 0.0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled_commission(self):
        # sudo: crm.commission.entry - whether there are any, of whomever
        for order in self.sudo().commission_entry_ids.filtered('settlement_id').order_id:
            raise UserError(self.env._(
                "%s has commissions in a settlement. Leave it cancelled.", order.name))

    def action_view_commissions(self):
        """Open the commissions on the order that the user may see."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.crm_commission_entry_action')
        action['domain'] = [('order_id', '=', self.id)]
        action['context'] = {}
        return action

    @api.model
    def _update_due_commissions(self, limit=BATCH):
        """Bring the commissions up to date on some of the orders where something changed.

        The orders are locked, those somebody else is at are left for later.

        :param int limit: how many orders at most
        :return: the orders that were brought up to date
        :rtype: sale.order
        """
        self.flush_model(['commission_due'])
        # A conflict with somebody else is no error: it is tried again.
        self.env.cr.execute(SQL(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM sale_order WHERE commission_due
                ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE sale_order SET commission_due = FALSE
            FROM due WHERE sale_order.id = due.id
            RETURNING sale_order.id
            """, limit), log_exceptions=False)
        rows = self.env.cr.fetchall()
        # sudo: sale.order - what a commission comes to does not depend on who looks first
        orders_sudo = self.sudo().browse(sorted(row[0] for row in rows))
        orders_sudo.invalidate_recordset(['commission_due'])
        orders_sudo._update_commissions()
        return orders_sudo.sudo(self.env.su)

    def _update_commissions(self):
        """Bring the commissions on these locked orders up to date; again, nothing changes.

        Where plans pay for first orders, the other orders of the customers may come with them.
        """
        orders, firsts = self, self.browse()
        if self.env['crm.commission.plan']._pay_first_orders(self.company_id):
            firsts = self._first_orders()
            others = (firsts | self._paid_as_first()) - self
            others._take_up()
            orders |= others
        self.env['crm.commission.entry']._update(orders, firsts)

    @api.model
    def _update_all_due_commissions(self):
        """Bring the commissions up to date on all orders nobody else is at."""
        while self._update_due_commissions():
            self.env.flush_all()

    def _mark_commissions_due(self):
        """Mark the orders, to have their commissions brought up to date."""
        if self:
            self.flush_recordset(['commission_due'])
            self.env.execute_query(SQL(
                "UPDATE sale_order SET commission_due = TRUE WHERE id IN %s RETURNING id",
                tuple(sorted(self.ids))))
            self.invalidate_recordset(['commission_due'])

    def _take_up(self):
        """Lock the orders, and let whoever else is at their commissions notice it."""
        if self:
            self.env.execute_query(SQL(
                "UPDATE sale_order SET commission_due = FALSE WHERE id IN %s RETURNING id",
                tuple(sorted(self.ids))))
            self.invalidate_recordset(['commission_due'])

    def _first_orders(self):
        """Return the first confirmed order of each customer of the orders, in each company.

        :rtype: sale.order
        """
        self.flush_model(['state', 'date_order', 'partner_id', 'company_id'])
        customers = tuple(self.partner_id.commercial_partner_id.ids)
        if not customers:
            return self.browse()
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (sale_order.company_id, partner.commercial_partner_id) sale_order.id
            FROM sale_order JOIN res_partner partner ON partner.id = sale_order.partner_id
            WHERE partner.commercial_partner_id IN %s AND sale_order.state = 'sale'
            ORDER BY sale_order.company_id, partner.commercial_partner_id,
                     sale_order.date_order, sale_order.id
            """, customers))
        return self.browse(row[0] for row in rows)

    def _paid_as_first(self):
        """Return the orders of the same customers that pay somebody as first ones by now."""
        return self.env['crm.commission.entry'].search([
            ('plan_id.earner', '=', 'first_order'),
            ('partner_id.commercial_partner_id', 'in', self.partner_id.commercial_partner_id.ids),
        ]).order_id

    def _receipts(self):
        """Return what came in for the order, day by day, in its currency.

        :return: pairs of day and amount, oldest first, that sum up to what was received
        :rtype: list[tuple]
        """
        self.ensure_one()
        flow, credited_on = [], None
        for bill, part in self._billed_parts().items():
            rate = part / bill.amount_total if bill.amount_total else 0.0
            if bill.move_type == 'out_refund':
                rate = -rate
                credited_on = max(credited_on or bill.date, bill.invoice_date or bill.date)
            flow += [(day, amount * rate) for day, amount in bill._money_by_day()]
        if brought := self._amount_brought():
            changes = (
                self.transaction_ids | self.invoice_ids.transaction_ids
            ).filtered('last_state_change').mapped('last_state_change')
            flow.append((max(changes).date(), brought))
        return dated(flow, self.amount_received, credited_on, self.date_order.date())

    def _commission_day(self):
        """Return the day of the order where its company is.

        :rtype: datetime.date
        """
        self.ensure_one()
        company = self.with_context(tz=self.company_id.partner_id.tz or 'UTC')
        return fields.Datetime.context_timestamp(company, self.date_order).date()

    @api.model
    def _cron_update_commissions(self):
        """Bring all commissions up to date, a batch at a time; may be killed at any moment."""
        cron = self.env['ir.cron']
        cron._commit_progress(remaining=self.search_count([('commission_due', '=', True)]))
        while orders := self._update_next_batch():
            left = cron._commit_progress(len(orders))
            self.env.invalidate_all()
            if not left:
                break

    @api.model
    def _update_next_batch(self):
        """Bring a batch up to date, in a new transaction when somebody was faster.

        :return: the orders that were brought up to date
        :rtype: sale.order
        """
        for _attempt in range(ATTEMPTS - 1):
            try:
                return self._update_due_commissions()
            except SerializationFailure:
                self.env.cr.rollback()
        return self._update_due_commissions()
