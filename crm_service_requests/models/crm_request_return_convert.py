from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .return_decision import refund


class CrmRequest(models.Model):
    """What is accepted back becomes a credit note of the bills on which it stands."""

    _inherit = 'crm.request'

    @api.depends('return_state')
    def _compute_conversion(self):
        return super()._compute_conversion()

    def _convert_lines(self):
        return self._return_lines() if self._is_credited_return() else super()._convert_lines()

    def _check_convertible(self):
        super()._check_convertible()
        if self._is_credited_return():
            self._check_creditable()

    def _is_credited_return(self):
        """Return whether the lines of a return are credited.

        A return that names no lines is credited like any other request: by the bill in question.
        """
        self.ensure_one()
        return bool(
            self.kind == 'return' and self.return_line_ids
            and self._conversion_target() == 'credit_note')

    def _check_creditable(self):
        """Refuse to credit what is not accepted, has not arrived or was never billed.

        :raise UserError: naming what is missing
        """
        self.ensure_one()
        if self.return_state not in ('accepted', 'partial'):
            raise UserError(self.env._(
                "%(request)s: nothing of it is accepted. Have it decided first.",
                request=self.display_name))
        # sudo: crm.return.policy - when it is credited holds for whoever credits it
        policy_sudo = self.sudo().return_policy_id
        if policy_sudo.refund_on == 'receipt' and not self._return_has_arrived():
            raise UserError(self.env._(
                "%(request)s: the return policy credits what has arrived. Wait for the transfer.",
                request=self.display_name))
        if not self._return_lines():
            raise UserError(self.env._(
                "%(request)s: nothing of it was billed, so there is nothing to credit.",
                request=self.display_name))

    def _return_has_arrived(self):
        """Return whether what was accepted has come back, as far as that is known.

        :rtype: bool
        """
        self.ensure_one()
        return True

    def _return_lines(self):
        """Return what is credited: lines of bills, the newest first, less the restocking fees.

        :return: as for :meth:`_convert_lines`
        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: account.move.line - what a return is about; who may credit it is checked elsewhere
        lines_sudo = self.sudo().return_line_ids.filtered(
            lambda line: line.decision == 'accepted')
        left, credited, fees = {}, {}, []
        for line in lines_sudo:
            for bill_line, quantity in line._credited_lines(left):
                credited[bill_line] = credited.get(bill_line, 0.0) + quantity
                if line.fee:
                    fees.append(self._prepare_fee_values(line, bill_line, quantity))
        return [
            {'move_line_id': bill_line.id, 'quantity': quantity}
            for bill_line, quantity in credited.items()] + fees

    def _prepare_fee_values(self, line, bill_line, quantity):
        """Return the line of the credit note that keeps the restocking fee."""
        price = bill_line.price_unit * (100 - bill_line.discount) / 100
        return {
            'bill_id': bill_line.move_id.id,
            'account_id': bill_line.account_id.id,
            'name': self.env._(
                "Restocking fee, %(percent)s percent: %(product)s", percent=f'{line.fee:g}',
                product=line.product_id.display_name),
            'quantity': 1.0,
            'price_unit': bill_line.currency_id.round(
                refund(price, quantity, line.fee) - price * quantity),
            'tax_ids': [Command.set(bill_line.tax_ids.ids)],
        }


class CrmRequestReturnLine(models.Model):
    """A line of a return is credited on the bills of its purchase."""

    _inherit = 'crm.request.return.line'

    def _credited_lines(self, left):
        """Return the lines of posted bills on which a line is credited, and how much of each.

        :param dict left: how much of a bill's line is left to credit; what is taken is noted in it
        :return: pairs of an `account.move.line` and a quantity
        :rtype: list[tuple]
        """
        self.ensure_one()
        wanted, result = self.quantity, []
        for bill_line in self._bill_lines():
            free = left.setdefault(bill_line, self._left_to_credit(bill_line))
            taken = min(wanted, free)
            if taken > 0:
                result.append((bill_line, taken))
                left[bill_line] = free - taken
                wanted -= taken
        return result

    def _bill_lines(self):
        """Return the lines of posted bills of the purchase, the newest first."""
        self.ensure_one()
        bill_lines = self.move_line_id or self.sale_line_id.invoice_lines
        return bill_lines.filtered(
            lambda line: line.move_id.move_type == 'out_invoice' and line.parent_state == 'posted'
        ).sorted(lambda line: (line.move_id.invoice_date, line.id), reverse=True)

    def _left_to_credit(self, bill_line):
        """Return how much of the line of a bill is not on a credit note yet."""
        credits_of_bill = bill_line.move_id.reversal_move_ids.filtered(
            lambda move: move.state != 'cancel').invoice_line_ids
        return bill_line.quantity - sum(credits_of_bill.filtered(
            lambda line: line.product_id == bill_line.product_id
            and line.sale_line_ids == bill_line.sale_line_ids).mapped('quantity'))
