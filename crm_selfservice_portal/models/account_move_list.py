from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """What the list of the portal shows of a bill."""

    _inherit = 'account.move'

    _portal_idx = models.Index(
        "(commercial_partner_id, invoice_date DESC, id DESC) WHERE move_type <> 'entry'")

    @api.model
    def _portal_columns(self):
        """Return the fields of the list, to be read in one statement together with the search.

        :rtype: list[str]
        """
        return [
            'name', 'ref', 'move_type', 'state', 'payment_state', 'invoice_date',
            'invoice_date_due', 'amount_total', 'amount_residual', 'currency_id', 'company_id',
            'partner_id', 'commercial_partner_id']

    def _portal_rows(self):
        """Return the bills as the list takes them.

        :return: the `invoice`, whether it `is_open`, and what `_open_row` tells of an open one
        :rtype: list[dict]
        """
        forms = self.env['res.currency']._currency_forms()
        unpaid = self.filtered(
            lambda move: not forms[move.currency_id.id].is_zero(move.amount_residual))
        rows = unpaid._open_rows()
        settled = {
            'is_open': False, 'may_pay': False, 'transaction': self.env['payment.transaction']}
        return [
            {'invoice': move, 'currency': move.currency_id, **rows.get(move.id, settled)}
            for move in self]

    def _open_rows(self):
        """Return of bills that are open whether the user may pay each, its last transaction, and
        what is due next of one that is paid in parts.

        :return: by the id of the bill
        :rtype: dict[int, dict]
        """
        if not self:
            return {}
        today = fields.Date.context_today(self)
        parts, may_pay = self._open_parts(), self.env.user._has_portal_right('pay')
        self.currency_id.fetch(['rounding'])
        return {
            move.id: {
                'is_open': True,
                'may_pay': may_pay and move._has_to_be_paid(),
                'transaction': (
                    move.transaction_ids and move.get_portal_last_transaction()),
                **(next_part(parts[move], today) if len(parts.get(move, ())) > 1 else {})}
            for move in self}

    def _open_parts(self):
        """Return the parts in which open bills are to be paid.

        :return: the receivable lines by bill
        :rtype: dict[account.move, account.move.line]
        """
        return self.env['account.move.line'].search_fetch(
            Domain('move_id', 'in', self.ids) & Domain('display_type', '=', 'payment_term'),
            ['move_id', 'date_maturity', 'date', 'amount_residual_currency', 'reconciled'],
            order='date_maturity, id').grouped('move_id')


def next_part(lines, today):
    """Return what is due next of a bill that is paid in parts, by the names of Odoo.

    :param lines: its receivable lines in the order of their dates
    :param date today: what was due before is overdue
    :rtype: dict
    """
    unpaid = lines.filtered(lambda line: not line.reconciled)
    overdue = unpaid.filtered(lambda line: (line.date_maturity or line.date) < today)
    shown = overdue or unpaid[:1]
    return {
        'installment_state': 'overdue' if overdue else 'next',
        'next_amount_to_pay': abs(sum(shown.mapped('amount_residual_currency'))),
        'next_due_date': shown[:1].date_maturity,
    }
