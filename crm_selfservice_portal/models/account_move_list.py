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

        :return: the `invoice`, and what is due next of one that is paid in parts
        :rtype: list[dict]
        """
        today = fields.Date.context_today(self)
        parts = self._open_parts()
        return [
            {'invoice': move, 'currency': move.currency_id,
             **(next_part(parts[move], today) if len(parts.get(move, ())) > 1 else {})}
            for move in self]

    def _open_parts(self):
        """Return the parts in which the bills are to be paid, those not paid yet.

        :return: the receivable lines by bill, all of one that has at least one that is open
        :rtype: dict[account.move, account.move.line]
        """
        unpaid = self.filtered('amount_residual')
        lines = self.env['account.move.line']
        return lines.search_fetch(
            Domain('move_id', 'in', unpaid.ids) & Domain('display_type', '=', 'payment_term'),
            ['move_id', 'date_maturity', 'date', 'amount_residual_currency', 'reconciled'],
            order='date_maturity, id').grouped('move_id') if unpaid else {}


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
