from odoo import api, fields, models
from odoo.fields import Domain

SUPERVISORS = ('crm_roles.group_service_supervisor', 'crm_roles.group_call_center_lead')
# Whom a new attempt to pay does not make reachable.
UNREACHABLE_KINDS = {'invalid', 'opt_out'}


class SaleOrder(models.Model):
    """Who tried to pay and could not is called next."""

    _inherit = 'sale.order'

    payment_failed_at = fields.Datetime(
        "Payment Failed", compute='_compute_payment_failed_at', store=True, compute_sudo=True,
        help="When the customer last tried to pay online and could not, and nobody has called him "
             "since.")
    payment_failed_message = fields.Char(
        "The Provider Says", compute='_compute_payment_failed_at', store=True, compute_sudo=True)

    _payment_failed_idx = models.Index(
        "(payment_failed_at DESC, id) WHERE payment_failed_at IS NOT NULL")

    @api.depends(
        'state', 'amount_unpaid', 'last_call_id.date_start',
        'transaction_ids.state', 'transaction_ids.last_state_change',
        'transaction_ids.state_message',
        'order_line.invoice_lines.move_id.transaction_ids.state',
        'order_line.invoice_lines.move_id.transaction_ids.last_state_change',
    )
    def _compute_payment_failed_at(self):
        # sudo: payment.transaction - so that those of all orders are at hand for each
        self.sudo()._fetch_payments()
        for order in self:
            failed = order._last_failed_attempt()
            called_at = order.last_call_id.date_start
            if order.state == 'cancel' or not order.amount_unpaid or not failed or (
                called_at and called_at >= failed.last_state_change
            ):
                order.payment_failed_at = order.payment_failed_message = False
                continue
            order.payment_failed_at = failed.last_state_change
            order.payment_failed_message = failed._failure_in_words()

    @api.depends('payment_failed_at', 'transaction_ids.state')
    def _compute_call_state(self):
        super()._compute_call_state()

    def _next_call_state(self):
        state = super()._next_call_state()
        if (
            state == 'done' and self.payment_failed_at and self._is_worth_calling()
            and self.last_call_id.outcome_id.kind not in UNREACHABLE_KINDS
        ):
            return 'to_call'
        return state

    def _is_worth_calling(self):
        # Who could not pay in the web shop has still a draft.
        return super()._is_worth_calling() or (
            self.state == 'draft' and bool(self.amount_unpaid)
            and bool(self._last_failed_attempt()))

    @api.model
    def _payment_failed_domain(self):
        """Return the domain of the orders nobody has called about since a payment failed.

        :rtype: Domain
        """
        return Domain('payment_failed_at', '!=', False)

    @api.model
    def _call_stages(self):
        mine, *others = super()._call_stages()
        # Whoever is free calls about a failed payment, whoever manages the order.
        failed = self._payment_failed_domain() & Domain('call_state', '!=', 'done')
        return [mine, (failed, 'payment_failed_at DESC, id'), *others]

    def _call_difficulty(self):
        if not self.payment_failed_message:
            return super()._call_difficulty()
        return self.env['crm.call.difficulty']._propose(self.payment_failed_message)

    def _last_failed_attempt(self):
        """Return the last attempt of the customer to pay online if it failed.

        :rtype: payment.transaction
        """
        self.ensure_one()
        # sudo: payment.transaction - whether it failed decides who is called next
        attempts_sudo = self.sudo()._payment_attempts()
        last = attempts_sudo.filtered(lambda attempt: attempt._is_payment_attempt()).sorted(
            lambda attempt: (attempt.last_state_change, attempt.id))[-1:]
        return last.filtered(lambda attempt: attempt.state in ('error', 'cancel'))

    def _payment_attempts(self):
        """Return the transactions by which the customer meant to pay the order or its bills.

        :rtype: payment.transaction
        """
        self.ensure_one()
        return self.transaction_ids | self.invoice_ids.transaction_ids

    def _warn_of_failed_payment(self, transaction):
        """Plan an activity for a supervisor about a payment that failed."""
        self.ensure_one()
        supervisor = self._failed_payment_supervisor()
        if not supervisor:
            return
        lang = supervisor.lang or self.env.lang
        order, transaction = self.with_context(lang=lang), transaction.with_context(lang=lang)
        order.activity_schedule(
            'crm_order_manager.mail_activity_type_failed_payment', user_id=supervisor.id,
            summary=order.env._("Payment of %(amount)s failed", amount=transaction.currency_id
                                .with_context(lang=lang).format(transaction.amount)),
            note=transaction._failure_in_words())

    def _failed_payment_supervisor(self):
        """Return who is to look after a failed payment: the leader of the team if he has the role,
        else who of the supervisors and leads has the fewest such activities.

        :rtype: res.users
        """
        groups = [self.env.ref(group).id for group in SUPERVISORS]
        users = self.env['res.users'].search([
            ('all_group_ids', 'in', groups), ('share', '=', False), ('id', '!=', self.env.uid),
            ('company_ids', 'in', self.company_id.ids)])
        if self.team_id.user_id in users:
            return self.team_id.user_id
        kind = self.env.ref('crm_order_manager.mail_activity_type_failed_payment')
        busy = dict(self.env['mail.activity']._read_group(
            [('user_id', 'in', users.ids), ('activity_type_id', '=', kind.id)],
            ['user_id'], ['__count']))
        return min(users, key=lambda user: (busy.get(user, 0), user.id), default=users)
