from odoo import fields, models
from odoo.exceptions import UserError


class CrmRequest(models.Model):
    """The letter of a level: once each, with the bills that are to be paid."""

    _inherit = 'crm.request'

    def action_send_debt_letter(self):
        """Mail the customers the letter of the level their debt has reached.

        :raise UserError: when there is no level, letter, bill or address, or it was sent
        """
        self.check_access('write')
        for request in self:
            request._check_debt_letter()
            request._send_debt_letter()

    def _check_debt_letter(self):
        """Refuse to send a letter that makes no sense.

        :raise UserError: naming the request and the way out
        """
        level = self.debt_level_id
        if not level.template_id:
            raise UserError(self.env._(
                "%(request)s has no level with a letter. Choose a level first.",
                request=self.display_name))
        if self._is_letter_sent():
            raise UserError(self.env._(
                "%(request)s: the letter \"%(level)s\" was sent. The next one goes out on the "
                "next level.", request=self.display_name, level=level.name))
        if not self.debt_amount:
            raise UserError(self.env._(
                "%(request)s: nothing is due. Choose unpaid bills.", request=self.display_name))
        if not self.partner_id.email:
            raise UserError(self.env._(
                "%(request)s: %(customer)s has no e-mail address. Ask for it and enter it.",
                request=self.display_name, customer=self.partner_id.display_name or
                self.env._("the customer")))

    def _is_letter_sent(self):
        """Return whether the letter of the level, or of a later one, was sent.

        :rtype: bool
        """
        sent = self.debt_letter_level_id
        return bool(sent) and sent.days >= self.debt_level_id.days

    def _send_debt_letter(self):
        """Mail the letter, and remember it on the request, which two people cannot do at once."""
        self.ensure_one()
        self.write({
            'debt_letter_level_id': self.debt_level_id.id,
            'debt_letter_at': fields.Datetime.now()})
        self.env['crm.request'].flush_model(['debt_letter_level_id'])
        self.message_subscribe(self.partner_id.ids)
        # sudo: mail.template - who sends a letter does not edit it, and need not read every bill
        template_sudo = self.debt_level_id.template_id.sudo()
        self.message_post_with_source(
            template_sudo, subtype_xmlid='mail.mt_comment', message_type='comment')

    def _send_automatic_letters(self):
        """Send the letters that go out by themselves, where people are at work now."""
        waiting = self.filtered(
            lambda request: request.debt_level_id.automatic and request.debt_level_id.template_id
            and request.debt_amount and request.partner_id.email
            and not request._is_letter_sent()
            and 'open' not in request.promise_ids.mapped('state'))
        now = fields.Datetime.now()
        for company, requests in waiting.grouped('company_id').items():
            if company._next_work(now) <= now:
                for request in requests:
                    request._send_debt_letter()

    def _unpaid_debts(self):
        """Return the bills of the letter: unpaid, the oldest first.

        :rtype: account.move
        """
        self.ensure_one()
        return self.debt_invoice_ids.filtered(
            lambda bill: bill.state == 'posted' and bill.amount_residual).sorted(
            lambda bill: (bill.invoice_date_due or bill.date, bill.id))
