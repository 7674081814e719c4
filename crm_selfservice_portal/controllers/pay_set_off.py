from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from ..set_off import SetOff
from .payment_pay import PaymentPay
from .portal_pay import URL


class PaySetOff(PaymentPay):

    @route(
        f'{URL}/set-off/<string:account>/<string:cart>', type='http', auth='user', website=True,
        methods=['POST'])
    def portal_my_pay_set_off(self, account, cart, **params):
        """Set credit notes and earlier payments off against bills, when nothing is left to pay.

        :param str account: company and currency, see `parse_account`
        :param str cart: what was chosen, see `read_cart`
        """
        self._check_payer()
        if not self._is_offered():
            raise NotFound()
        self._open_items(account).queue_up()
        try:
            chosen = self._read_set_off(account, cart)
        except UserError as error:
            return self.portal_my_pay(account=account, refused=error.args[0])
        chosen.settle()
        self._note_set_off(chosen)
        return request.redirect_query(URL, {'account': account, 'done': 'set_off'})

    def _read_set_off(self, account, cart):
        """Return what is to be set off.

        :raise UserError: when it cannot be, any more
        """
        found = self._read_cart(account, cart)
        if not found.is_set_off:
            raise UserError(request.env._(
                "%(amount)s is left to pay by now. Choose again.",
                amount=found.open_items.currency.format(found.total)))
        chosen = SetOff(found)
        chosen.check()
        return chosen

    def _note_set_off(self, chosen):
        """Write down, on each bill and among what representatives did, what was set off."""
        partner = request.env.user.partner_id
        for bill_sudo, words in chosen.told():
            request.env['crm.representative.act']._note('set_off', bill_sudo, words)
            bill_sudo.message_post(
                author_id=partner.id, subtype_xmlid='mail.mt_note', body=request.env._(
                    "%(name)s has set off in the portal: %(what)s", name=partner.name,
                    what=words))
