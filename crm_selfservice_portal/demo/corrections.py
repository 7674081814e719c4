"""Three orders of a customer: a correction waits, one was applied, one was refused."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..correction import Wish

# How many days ago it was ordered, and in how many it is to be delivered.
WAITING, APPLIED, REFUSED = (1, 8), (3, 6), (5, 4)


def load(env):
    """Make the orders, and let the customer want something else."""
    clamps = make_order(env, *WAITING, {'product_drill_driver': 2, 'product_bar_clamp': 4})
    correct(clamps, 'crm_selfservice_portal.user_declan_walsh', 3, {1: 8},
            note="Two more benches are to be glued at once.")
    mallets = make_order(env, *APPLIED, {'product_mallet': 6, 'product_workbench': 2})
    decide(correct(mallets, 'crm_roles.user_customer', 46, {0: 4}), 42, 'applied')
    extractor = make_order(
        env, *REFUSED, {'product_dust_extractor': 1, 'product_sanding_discs': 10})
    decide(correct(extractor, 'crm_roles.user_customer', 70, cancel=True), 66, 'refused',
           "The extractor was bought for you and is on its way to us. Please keep it; the discs "
           "you may leave out.")


def make_order(env, days, to_come, quantities):
    """Return a confirmed order of the customer who uses the portal.

    :param int days: how many days ago it was ordered
    :param int to_come: in how many days it is to be delivered
    :param dict quantities: by the name of the product
    """
    now = fields.Datetime.now().replace(minute=7 * days, second=0, microsecond=0)
    order = env['sale.order'].create({
        'partner_id': env.ref('crm_roles.partner_corrib').id,
        'order_manager_id': env.ref('crm_roles.user_order_manager').id,
        'order_line': [Command.create({
            'product_id': env.ref(f'crm_roles.{name}').id, 'product_uom_qty': quantity,
        }) for name, quantity in quantities.items()]})
    order.action_confirm()
    order.write({
        'date_order': now - timedelta(days=days), 'commitment_date': now + timedelta(days=to_come)})
    return order


def correct(order, login, hours, quantities=(), **values):
    """Return the correction that a representative asked for some hours ago.

    :param dict quantities: what is wanted of the lines, by their place in the order
    """
    # sudo: sale.order - as the pages of the portal do for who may correct it
    order = order.with_user(order.env.ref(login)).sudo()
    wish = order._complete_wish(Wish(
        {order.order_line[place]: quantity for place, quantity in dict(quantities).items()},
        **values))
    correction = order._correct(wish, order._correction_effect(wish))
    correction.date = fields.Datetime.now() - timedelta(hours=hours)
    return correction


def decide(correction, hours, state, reason=''):
    """Have the lead of the call center decide on a correction, some hours ago."""
    lead = correction.env.ref('crm_roles.user_lead')
    correction.with_user(lead).sudo(False)._decide(state, reason)
    correction.decided_at = fields.Datetime.now() - timedelta(hours=hours)
