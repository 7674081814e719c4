from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_amount, format_date


class CrmPaymentPromise(models.Model):
    """What a customer said he would pay, and by when; whether he did is seen from his bills."""

    _name = 'crm.payment.promise'
    _description = "Promise of Payment"
    _inherit = 'crm.write.guard'
    _order = 'date desc, id desc'
    _rec_name = 'date'

    request_id = fields.Many2one(
        'crm.request', required=True, index=True, ondelete='cascade')
    state = fields.Selection(
        [('open', "Open"), ('kept', "Kept"), ('broken', "Broken"), ('replaced', "Replaced")],
        "Status", default='open', required=True, readonly=True, copy=False)
    partner_id = fields.Many2one(
        related='request_id.commercial_partner_id', store=True, string="Customer", index=True)
    company_id = fields.Many2one(related='request_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(
        "Paid by", required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=7))
    amount = fields.Monetary(required=True)
    paid_before = fields.Monetary(
        readonly=True, copy=False, help="What had been paid when it was promised.")
    paid = fields.Monetary(
        readonly=True, copy=False, help="What came in since, until the promised day.")
    invoice_ids = fields.Many2many(
        'account.move', 'crm_payment_promise_move_rel', string="Bills", readonly=True, copy=False,
        groups='account.group_account_invoice,crm_roles.group_order_reader,'
               'sales_team.group_sale_salesman')
    note = fields.Char(help="Who promised it, and how it will be paid.")

    _open_idx = models.Index("(date) WHERE state = 'open'")
    _one_open_uniq = models.UniqueIndex(
        "(request_id) WHERE state = 'open'", "A request has one open promise at a time.")
    _amount = models.Constraint('CHECK (amount > 0)', "A promise is about an amount above zero.")

    @api.model
    def _field_writers(self, name):
        # What is found out from the bills is nobody's to say.
        if name in ('state', 'paid_before', 'paid', 'invoice_ids'):
            return 'base.group_system'
        return super()._field_writers(name)

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: crm.payment.promise - what was promised before is over, whoever noted it
        self.sudo().search([
            ('state', '=', 'open'),
            ('request_id', 'in', [vals.get('request_id') for vals in vals_list]),
        ]).state = 'replaced'
        self.env['crm.payment.promise'].flush_model(['state'])
        promises = super().create(vals_list)
        # sudo: crm.payment.promise - what had been paid is read from the entries
        promises.sudo()._begin()
        return promises

    @api.constrains('date', 'amount')
    def _check_promise(self):
        for promise in self.filtered(lambda promise: promise.state == 'open'):
            if promise.date < fields.Date.context_today(self):
                raise ValidationError(self.env._(
                    "%(request)s: nobody can promise to pay in the past. Choose a later day.",
                    request=promise.request_id.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for promise in self.filtered(lambda promise: promise.state in ('kept', 'broken')):
            raise UserError(self.env._(
                "%(request)s: whether the promise until %(date)s was kept belongs to its history. "
                "Note a new promise instead.", request=promise.request_id.display_name,
                date=format_date(self.env, promise.date)))

    def _begin(self):
        """Remember which bills are promised and what was paid of them; now we wait."""
        for promise in self:
            request = promise.request_id
            if not request.debt_invoice_ids:
                raise UserError(self.env._(
                    "%(request)s: choose the bills that are to be paid first.",
                    request=request.display_name))
            promise.invoice_ids = [Command.set(request.debt_invoice_ids.ids)]
        for promise, paid in self._paid_by_date(until='infinity').items():
            promise.paid_before = paid
        self.request_id.filtered(
            lambda request: request.state in ('new', 'open')).state = 'waiting'

    def _paid_by_date(self, until=None):
        """Return what was paid or credited on the bills of each promise.

        :param str until: a day; empty: that of the promise
        :return: in the currency of the company
        :rtype: dict[crm.payment.promise, float]
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """ SELECT promise.id, SUM(partial.amount)
                  FROM crm_payment_promise promise
                  JOIN crm_payment_promise_move_rel rel ON rel.crm_payment_promise_id = promise.id
                  JOIN account_move_line line ON line.move_id = rel.account_move_id
                  JOIN account_account account
                    ON account.id = line.account_id AND account.account_type = 'asset_receivable'
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
                 WHERE promise.id = ANY(%s) AND partial.max_date <= COALESCE(%s, promise.date)
              GROUP BY promise.id """, self.ids, SQL("%s::date", until)))
        paid = {promise_id: float(amount) for promise_id, amount in rows}
        return {promise: paid.get(promise.id, 0.0) for promise in self}

    def _evaluate(self):
        """Find out which promises are kept, and which are broken since their day is over.

        A promise that was kept is not any more when the payment is taken back.
        """
        today = fields.Date.context_today(self)
        kept = broken = self.browse()
        for promise, paid in self._paid_by_date().items():
            promise.paid = max(0.0, paid - promise.paid_before)
            missing = promise.currency_id.compare_amounts(promise.amount, promise.paid) > 0
            if not missing and promise.state == 'open':
                kept |= promise
            elif missing and promise.date < today:
                broken |= promise
            elif missing and promise.state == 'kept':
                promise.state = 'open'
        kept.state = 'kept'
        broken.state = 'broken'
        kept._go_on()
        broken._punish()

    def _go_on(self):
        """Take up what is left to pay after promises were kept; what is paid closes itself."""
        for promise in self:
            request = promise.request_id
            request._message_log(body=self.env._(
                "The promise was kept: %s was paid.", promise._say_amount()))
            if request.state == 'waiting' and request.debt_amount:
                request.state = 'open'

    def _punish(self):
        """Move the requests whose promise was broken: open, more urgent, one level up."""
        for promise in self:
            request = promise.request_id
            words = self.env._(
                "%(amount)s was promised until %(date)s, and %(paid)s was paid.",
                amount=promise._say_amount(), date=format_date(self.env, promise.date),
                paid=format_amount(self.env, promise.paid, promise.currency_id))
            request._message_log(body=self.env._("A promise was broken: %s", words))
            if request.debt_amount and not request.merged_into_id and (
                    request.state != 'cancelled'):
                request._take_up_broken(words)

    def _say_amount(self):
        return format_amount(self.env, self.amount, self.currency_id)

    @api.model
    def _due_domain(self):
        """Return the open promises whose day is over.

        :rtype: Domain
        """
        return Domain('state', '=', 'open') & Domain('date', '<', 'today')
