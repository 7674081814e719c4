from markupsafe import Markup

from odoo import SUPERUSER_ID, models
from odoo.fields import Domain


class CrmPaymentChoice(models.Model):
    """What was paid meanwhile by somebody else stays on account, and somebody is told."""

    _inherit = 'crm.payment.choice'

    def _tell_rest(self):
        """Tell who keeps the books which money was not needed for what it was chosen for."""
        rests = self.with_user(SUPERUSER_ID).filtered(
            lambda choice: choice.currency_id.compare_amounts(choice.amount_rest, 0) > 0)
        for payment, choices in rests.grouped('payment_id').items():
            if payment:
                choices._tell_rest_of(payment)

    def _tell_rest_of(self, payment):
        """Write it under the payment, and plan an activity for who is responsible."""
        accountant = self._rest_accountant()
        lang = accountant.lang or self.env.lang
        choices = self.with_context(lang=lang)
        body = Markup('<p>%s</p><ul>%s</ul>') % (
            choices.env._(
                "The customer chose this in the portal; it was not open any more when the money "
                "came. The rest is on account: set it off, or pay it back."),
            Markup().join(Markup('<li>%s</li>') % choice._rest_in_words() for choice in choices))
        payment.message_post(body=body)
        if accountant:
            payment.with_context(lang=lang).activity_schedule(
                'crm_selfservice_portal.mail_activity_type_payment_rest',
                user_id=accountant.id, note=body,
                summary=choices.env._("%(amount)s left on account", amount=self.currency_id
                                      .with_context(lang=lang).format(
                                          sum(choices.mapped('amount_rest')))))

    def _rest_in_words(self):
        return self.env._(
            "%(document)s: %(rest)s of %(amount)s", document=self.document,
            rest=self.currency_id.format(self.amount_rest),
            amount=self.currency_id.format(self.amount))

    def _rest_accountant(self):
        """Return who is told: who the company says, else the accountant with least to do.

        :rtype: res.users
        """
        company = self.company_id
        if company.payment_rest_user_id:
            return company.payment_rest_user_id
        users = self.env['res.users'].search(
            Domain('all_group_ids', 'in', self.env.ref('account.group_account_invoice').ids)
            & Domain('share', '=', False) & Domain('company_ids', 'in', company.ids)
            & Domain('id', '!=', SUPERUSER_ID))
        kind = self.env.ref('crm_selfservice_portal.mail_activity_type_payment_rest')
        busy = dict(self.env['mail.activity']._read_group(
            [('user_id', 'in', users.ids), ('activity_type_id', '=', kind.id)],
            ['user_id'], ['__count']))
        return min(users, key=lambda user: (busy.get(user, 0), user.id), default=users)
