"""A part of a bill was paid by card; the rest of an older one is on its way by wire transfer."""

from odoo.fields import Command

from ..cart import Cart
from ..open_items import OpenItems

CARD = 'payment.payment_provider_demo'
WIRE = 'payment.payment_provider_transfer'


# To which account customers transfer their money.
IBAN = "IE64 IRCE 9205 0112 3456 78"


def load(env):
    """Let the accountant of a customer pay what is open, but not all of it."""
    name_account(env)
    user = env.ref('crm_selfservice_portal.user_sinead_joyce')
    open_items = OpenItems(env(user=user.id, su=False).user, env.company, env.company.currency_id)
    bills = [item for item in open_items.find(None).values() if item.kind == 'bill']
    card, wire = (env.ref(xmlid) for xmlid in (CARD, WIRE))
    if card.code == 'demo' and bills:
        paid = start(open_items, bills[-1], round(bills[-1].amount / 3), card)
        paid._set_done()
        paid._post_process()
    if wire.code == 'custom' and len(bills) > 1:
        start(open_items, bills[0], bills[0].amount, wire)._set_pending()


def name_account(env):
    """Tell customers who transfer money to which account."""
    journal = env['account.journal'].search(
        [('type', '=', 'bank'), ('company_id', '=', env.company.id)], limit=1)
    if not journal.bank_account_id:
        journal.set_bank_account(IBAN)
    env.ref(WIRE).action_recompute_pending_msg()


def start(open_items, item, amount, provider):
    """Return the transaction by which a representative pays some of one bill."""
    user, currency = open_items.user, open_items.currency
    cart = Cart.fill(open_items, {item.key: amount})
    transaction = provider.env['payment.transaction'].create({
        'provider_id': provider.id,
        'payment_method_id': provider.with_context(active_test=False).payment_method_ids[:1].id,
        'operation': 'online_direct' if provider.code == 'demo' else 'online_redirect',
        'amount': cart.total,
        'currency_id': currency.id,
        'partner_id': user.partner_id.id,
        'invoice_ids': [Command.set(item.record.ids)],
        'choice_ids': [Command.create(choice) for choice in cart.values()],
    })
    acts = provider.env['crm.representative.act'].with_user(user)
    acts._note('pay', transaction, currency.format(cart.total))
    return transaction
