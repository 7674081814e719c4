from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .crm_request import PENDING_STATES

BATCH = 100
# Who reads bills.
READERS = ('account.group_account_invoice,crm_roles.group_order_reader,'
           'sales_team.group_sale_salesman')


class CrmRequest(models.Model):
    """Bills that are overdue, how firmly the customer is asked, and what he promises."""

    _inherit = 'crm.request'

    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency")
    debt_invoice_ids = fields.Many2many(
        'account.move', 'crm_request_debt_move_rel', string="Unpaid Bills", copy=False,
        compute='_compute_debt_invoice_ids', store=True, readonly=False, groups=READERS,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
               " ('commercial_partner_id', '=', commercial_partner_id),"
               " ('company_id', '=', company_id)]",
        help="Proposed are all that are overdue.")
    debt_amount = fields.Monetary(
        "Amount Due", compute='_compute_debt_amount', store=True,
        currency_field='company_currency_id', help="What is not yet paid of the bills.")
    debt_days = fields.Integer(
        "Days Overdue", compute='_compute_debt_days', compute_sudo=True, aggregator=None)
    debt_level_id = fields.Many2one(
        'crm.debt.level', "Level", tracking=True, copy=False, index='btree_not_null',
        ondelete='restrict')
    debt_letter_level_id = fields.Many2one(
        'crm.debt.level', "Last Letter", readonly=True, copy=False, ondelete='set null')
    debt_letter_at = fields.Datetime("Letter Sent", readonly=True, copy=False)
    promise_ids = fields.One2many('crm.payment.promise', 'request_id', "Promises of Payment")

    _debt_idx = models.Index(
        "(id) WHERE kind = 'debt' AND state IN ('new', 'open', 'waiting')")

    @api.depends('kind', 'commercial_partner_id', 'company_id')
    def _compute_debt_invoice_ids(self):
        debts = self.filtered(lambda request: request.kind == 'debt')
        (self - debts).debt_invoice_ids = False
        open_debts = debts.filtered(
            lambda request: not request.debt_invoice_ids
            or request.debt_invoice_ids.commercial_partner_id != request.commercial_partner_id)
        bills = self.env['account.move'].search(
            open_debts._overdue_domain()).grouped(
            lambda bill: (bill.company_id, bill.commercial_partner_id))
        for request in debts:
            if request in open_debts:
                request.debt_invoice_ids = bills.get(
                    (request.company_id, request.commercial_partner_id))
            else:
                request.debt_invoice_ids = request.debt_invoice_ids

    @api.depends(
        'debt_invoice_ids.amount_residual_signed', 'debt_invoice_ids.state')
    def _compute_debt_amount(self):
        for request in self:
            request.debt_amount = sum(request.debt_invoice_ids.filtered(
                lambda bill: bill.state == 'posted').mapped('amount_residual_signed'))

    @api.depends('debt_invoice_ids.invoice_date_due', 'debt_invoice_ids.amount_residual')
    def _compute_debt_days(self):
        today = fields.Date.context_today(self)
        for request in self:
            due = request.debt_invoice_ids.filtered('amount_residual').mapped('invoice_date_due')
            oldest = min(filter(None, due), default=today)
            request.debt_days = max(0, (today - oldest).days)

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        # sudo: crm.request - the level follows from bills which not everybody reads
        requests.sudo()._raise_debt_levels()
        return requests

    def write(self, vals):
        result = super().write(vals)
        if 'debt_invoice_ids' in vals:
            # sudo: crm.request - the level follows from bills which not everybody reads
            self.sudo()._raise_debt_levels()
        return result

    def action_propose_debt(self):
        """Put all overdue bills of the customer on the requests.

        :raise UserError: if a customer has none
        """
        for request in self:
            bills = self.env['account.move'].search(request._overdue_domain())
            if not bills:
                raise UserError(self.env._(
                    "%(request)s: no bill of %(customer)s is overdue.",
                    request=request.display_name,
                    customer=request.commercial_partner_id.name or self.env._("nobody")))
            request.debt_invoice_ids = [Command.set(bills.ids)]

    def action_promise(self):
        """Open the dialog in which a promise of payment is noted.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'name': self.env._("Promise of Payment"),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.payment.promise',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_request_id': self.id, 'default_amount': self.debt_amount,
                'dialog_size': 'medium',
            },
        }

    def _overdue_domain(self):
        """Return the overdue bills of the customers, but those kept out of follow-up.

        :rtype: Domain
        """
        return (
            Domain('move_type', '=', 'out_invoice') & Domain('state', '=', 'posted')
            & Domain('payment_state', 'in', ['not_paid', 'partial'])
            & Domain('invoice_date_due', '<', 'today')
            & Domain('commercial_partner_id', 'in', self.commercial_partner_id.ids)
            & Domain('company_id', 'in', self.company_id.ids)
            & Domain('line_ids', 'not any', [('no_followup', '=', True)]))

    @api.model
    def _debt_domain(self):
        """Return the pending requests about debts.

        :rtype: Domain
        """
        return self._pending_domain() & Domain('kind', '=', 'debt')

    def _raise_debt_levels(self):
        """Bring debts to the level their oldest bill has reached; none falls back.

        While the customer has time to keep a promise, nothing is asked more firmly.
        """
        debts = self.filtered(
            lambda request: request.kind == 'debt' and request.debt_invoice_ids
            and 'open' not in request.promise_ids.mapped('state'))
        levels = self.env['crm.debt.level']._by_company(debts.company_id)
        for request in debts:
            level = levels[request.company_id]._reached(request.debt_days)
            if level and (not request.debt_level_id or level.days > request.debt_level_id.days):
                request._move_to_level(level)

    def _move_to_level(self, level):
        """Put a debt on a level, and with it into other hands where the level says so."""
        self.ensure_one()
        if level != self.debt_level_id:
            self.write({
                'debt_level_id': level.id,
                **({'user_id': level.user_id.id} if level.user_id else {})})

    def _take_up_broken(self, words):
        """Go on with a debt after a broken promise: open, more urgent, one level up.

        :param str words: what was promised, and what was paid
        """
        self.ensure_one()
        if self.state not in PENDING_STATES:
            self.action_reopen()
        levels = self.env['crm.debt.level']._by_company(self.company_id)[self.company_id]
        self.write({'state': 'open', 'priority': str(min(int(self.priority) + 1, 3))})
        self._move_to_level(levels._after(self.debt_level_id))
        if user := self.user_id or self.team_id.user_id:
            self.activity_schedule(
                'crm_service_requests.mail_activity_type_broken_promise', note=words,
                user_id=user.id)

    def _follow_debts(self):
        """See what payments have changed: promises are kept, what is paid closes itself."""
        if not self:
            return
        self.promise_ids.filtered(
            lambda promise: promise.state in ('open', 'kept'))._evaluate()
        paid = self.filtered_domain(self._debt_domain()).filtered(
            lambda request: request.debt_invoice_ids
            and request.company_currency_id.is_zero(request.debt_amount))
        paid.write({'state': 'closed', 'closed_by': 'rule'})
        paid._message_log_batch({
            request.id: self.env._("Closed: all of its bills are paid.") for request in paid})

    @api.model
    def _cron_follow_debts(self):
        """Decide on promises whose day is over, raise levels, and send what is to be sent."""
        promises = self.env['crm.payment.promise']
        cron = self.env['ir.cron']
        cron._commit_progress(
            remaining=promises.search_count(promises._due_domain())
            + self.search_count(self._debt_domain()))
        while due := promises.search(promises._due_domain(), limit=BATCH):
            due._evaluate()
            if not cron._commit_progress(len(due)):
                return
        last_id = 0
        while debts := self.search(
                self._debt_domain() & Domain('id', '>', last_id), order='id', limit=BATCH):
            last_id = debts[-1].id
            debts._raise_debt_levels()
            debts._send_automatic_letters()
            if not cron._commit_progress(len(debts)):
                return
