from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

TRANSITIONS = {
    'draft': {'confirmed'},
    'confirmed': {'draft', 'paid'},
    'paid': {'confirmed'},
}
# What decides which commissions are in a settlement.
FRAME = {'user_id', 'company_id', 'date_from', 'date_to'}


class CrmCommissionSettlement(models.Model):
    """What one person is paid for one period; once it is confirmed, its commissions stay his."""

    _name = 'crm.commission.settlement'
    _description = "Commission Settlement"
    _inherit = ['mail.thread']
    _order = 'date_to DESC, id DESC'
    _rec_name = 'user_id'
    _mail_post_access = 'read'

    state = fields.Selection(
        [('draft', "Draft"), ('confirmed', "Confirmed"), ('paid', "Paid")], "Status",
        default='draft', required=True, tracking=True, copy=False)
    user_id = fields.Many2one(
        'res.users', "Person", required=True, index=True, domain=[('share', '=', False)])
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_day(months=-1, day=1))
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._default_day(day=1, days=-1),
        help="What was earned until this day is settled, also what is left of former periods.")
    date_paid = fields.Date("Paid on", readonly=True, copy=False)
    amount = fields.Monetary(compute='_compute_amount', store=True)
    entry_count = fields.Integer("Commissions", compute='_compute_amount', store=True)
    entry_ids = fields.One2many(
        'crm.commission.entry', 'settlement_id', "Commissions in It", readonly=True)

    _check_dates = models.Constraint(
        'CHECK (date_from <= date_to)', "The last day of a period cannot be before its first.")

    @api.model
    def _default_day(self, **delta):
        return fields.Date.context_today(self) + relativedelta(**delta)

    @api.depends('entry_ids.amount')
    def _compute_amount(self):
        for settlement in self:
            settlement.amount = settlement.currency_id.round(
                sum(settlement.entry_ids.mapped('amount')))
            settlement.entry_count = len(settlement.entry_ids)

    @api.depends('user_id', 'date_from', 'date_to')
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = self.env._(
                "%(person)s, %(first)s to %(last)s",
                person=settlement.user_id.name or self.env._("New"),
                first=format_date(self.env, settlement.date_from),
                last=format_date(self.env, settlement.date_to))

    @api.model_create_multi
    def create(self, vals_list):
        settlements = super().create(
            [{**values, 'state': 'draft', 'date_paid': False} for values in vals_list])
        settlements.action_gather()
        return settlements

    def write(self, vals):
        if 'state' in vals:
            self._check_transition(vals['state'])
        if FRAME & vals.keys():
            self._check_draft()
        result = super().write(vals)
        if 'state' in vals:
            self._carry_to_entries(vals['state'])
        if FRAME & vals.keys():
            # sudo: crm.commission.entry - a draft lets go of what it has taken in
            self.sudo().entry_ids.settlement_id = False
            self.action_gather()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_draft()

    def action_gather(self):
        """Take in what the persons have earned and is not settled yet.

        :raise UserError: when a settlement is confirmed already
        """
        self.check_access('write')
        self._check_draft()
        self.env['sale.order']._update_all_due_commissions()
        # sudo: crm.commission.entry - who may settle may say what is settled, nothing else of it
        free_sudo = self.env['crm.commission.entry'].sudo().search([
            *self._free_domain(),
            ('user_id', 'in', self.user_id.ids), ('company_id', 'in', self.company_id.ids)])
        by_person = free_sudo.grouped(lambda entry: (entry.user_id, entry.company_id))
        for settlement in self.sorted('date_to'):
            key = (settlement.user_id, settlement.company_id)
            taken = by_person.get(key, free_sudo.browse()).filtered(
                lambda entry, settlement=settlement:
                    not entry.settlement_id and entry.date <= settlement.date_to)
            taken.settlement_id = settlement

    def action_confirm(self):
        """Confirm the settlements: their commissions stay with their persons from now on.

        :raise UserError: when there is nothing to settle
        """
        # What belongs to somebody else by now leaves the drafts before they are confirmed.
        self.env['sale.order']._update_all_due_commissions()
        for settlement in self:
            if not settlement.entry_count:
                raise UserError(self.env._(
                    "%s: there is nothing to settle. Choose another period, or delete it.",
                    settlement.display_name))
        self.state = 'confirmed'

    def action_pay(self):
        """Mark the settlements as paid today."""
        self.write({'state': 'paid', 'date_paid': fields.Date.context_today(self)})

    def action_reopen(self):
        """Take the settlements a step back: from paid to confirmed, from confirmed to draft.

        In a draft the commissions follow the orders again.
        """
        paid = self.filtered(lambda settlement: settlement.state == 'paid')
        paid.write({'state': 'confirmed', 'date_paid': False})
        (self - paid).write({'state': 'draft'})

    def action_export(self):
        """Download the statement as a workbook."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/crm_order_manager/commission_settlement/{self.id}/xlsx',
            'target': 'download',
        }

    def _statement_name(self):
        """Return what the statement is called, also as a file."""
        self.ensure_one()
        return self.env._("Commissions of %s", self.display_name)

    def _statement_entries(self):
        """Return the commissions in the settlement as a statement lists them: by day and order.

        :rtype: crm.commission.entry
        """
        self.ensure_one()
        return self.entry_ids.sorted(lambda entry: (entry.date, entry.order_id.id, entry.id))

    @api.model
    def _free_domain(self):
        """Return the domain of what waits to be settled.

        :rtype: list
        """
        return [('state', 'in', ('earned', 'reversed')), ('settlement_id', '=', False)]

    def _check_draft(self):
        for settlement in self:
            if settlement.state != 'draft':
                raise UserError(self.env._(
                    "%s is settled. Reopen it first.", settlement.display_name))

    def _check_transition(self, state):
        """Refuse a step that no settlement takes."""
        labels = dict(self._fields['state']._description_selection(self.env))
        for settlement in self:
            if state != settlement.state and state not in TRANSITIONS[settlement.state]:
                raise UserError(self.env._(
                    "%(settlement)s is %(from)s and cannot become %(to)s in one step.",
                    settlement=settlement.display_name,
                    **{'from': labels[settlement.state], 'to': labels[state]}))

    def _carry_to_entries(self, state):
        """Fix the commissions in the settlements, or let them follow the orders again."""
        # sudo: crm.commission.entry - they are settled by their settlement, and by nothing else
        entries_sudo = self.sudo().entry_ids
        if state != 'draft':
            entries_sudo.state = 'settled'
            return
        reversals = entries_sudo.filtered('origin_id')
        reversals.state = 'reversed'
        (entries_sudo - reversals).state = 'earned'
        entries_sudo.order_id._mark_commissions_due()
