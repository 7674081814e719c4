from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from .odds import age_bucket, amount_bucket, attempt_bucket, chance

VALUE_BATCH = 500


class SaleOrder(models.Model):
    """What a call about an order is worth: the chance of payment, times what is unpaid."""

    _inherit = 'sale.order'

    _call_queue_order = 'call_state, next_call_at, call_value DESC, date_order, id'

    call_value = fields.Monetary(
        "Value of a Call", compute='_compute_call_value', store=True, compute_sudo=True,
        help="What a call may bring: the chance that the order is paid after it, learnt from all "
             "calls before, times what is unpaid.")

    # One for the stages of the queue, one for the call-backs of one person.
    _call_value_idx = models.Index(
        "(call_state, next_call_at, call_value DESC, date_order, id) WHERE call_state != 'done'")
    _call_mine_idx = models.Index(
        "(last_caller_id, next_call_at, call_value DESC, date_order, id)"
        " WHERE call_state = 'callback'")

    @api.depends('amount_unpaid', 'call_state', 'call_count', 'team_id.call_queue_order')
    def _compute_call_value(self):
        for company, orders in self.grouped('company_id').items():
            base, shifts = self.env['crm.call.odds']._shifts(company.id)
            for order in orders:
                worth = order.call_state != 'done' and order.team_id.call_queue_order != 'date'
                order.call_value = order.amount_unpaid * chance(
                    base, order._call_shifts(shifts).values()) if worth else 0.0

    def _call_shifts(self, shifts):
        """Return by how much each circumstance of the next call shifts its chance.

        :param dict shifts: what `crm.call.odds._shifts` gave, by factor and bucket
        :return: the shift by factor
        :rtype: dict[str, float]
        """
        self.ensure_one()
        days = (fields.Datetime.now() - (self.date_order or fields.Datetime.now())).days
        buckets = {
            'attempt': attempt_bucket(self.call_count),
            'age': age_bucket(days),
            'amount': amount_bucket(self.amount_total),
        }
        return {
            factor: shifts[factor, bucket]
            for factor, bucket in buckets.items() if (factor, bucket) in shifts
        }

    def _explain_call_value(self):
        """Return in one sentence how the value of a call comes about; its parts add up.

        :rtype: str
        """
        self.ensure_one()
        base, shifts = self.env['crm.call.odds']._shifts(self.company_id.id)
        own = self._call_shifts(shifts)
        labels = dict(self.env['crm.call.odds']._fields['factor']._description_selection(self.env))
        parts = [self.env._("%.1f %% of all calls end in payment", 100 * base)]
        parts += [f"{labels[factor]} {100 * shift:+.1f} %" for factor, shift in own.items()]
        return self.env._(
            "%(parts)s: %(chance).1f %% of %(unpaid)s is %(value)s.",
            parts=", ".join(parts), chance=100 * chance(base, own.values()),
            unpaid=format_amount(self.env, self.amount_unpaid, self.currency_id),
            value=format_amount(
                self.env, self.amount_unpaid * chance(base, own.values()), self.currency_id))

    @api.model
    def _cron_learn_call_odds(self):
        """Learn from the calls of the day, and value the orders that wait anew."""
        self.env['crm.call.odds']._learn()
        waiting = Domain('call_state', '!=', 'done')
        self.env['ir.cron']._commit_progress(remaining=self.search_count(waiting))
        last_id = 0
        while batch := self.search(waiting & Domain('id', '>', last_id), order='id',
                                   limit=VALUE_BATCH):
            last_id = batch[-1].id
            self.env.add_to_compute(self._fields['call_value'], batch)
            batch._recompute_recordset(['call_value'])
            if not self.env['ir.cron']._commit_progress(len(batch)):
                break
            self.env.invalidate_all()
