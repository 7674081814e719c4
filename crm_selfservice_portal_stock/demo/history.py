"""What left the warehouse of the demo company, what is ready, and one delivery that is late.

The same deliveries every time; only the dates count back from today.
"""

import random
from datetime import timedelta

from odoo import fields

# What was ordered within so many days is still to come.
OPEN_DAYS = 14
# Days from the order to the delivery, by how often.
DAYS = (2, 3, 3, 3, 4, 4, 5, 6)
QUIETLY = {
    'tracking_disable': True, 'mail_notrack': True, 'mail_notify_force_send': False,
    'skip_sms': True}


def load(env):
    """Deliver what was ordered, and let one order of a customer who uses the portal be late."""
    env = env(context={**env.context, **QUIETLY})
    dice = random.Random(19)
    now = fields.Datetime.now().replace(microsecond=0)
    # What its customer has corrected stays as he left it.
    orders = env['sale.order'].search([
        ('state', '=', 'sale'), ('picking_ids.state', '=', 'assigned'),
        ('correction_ids', '=', False)], order='date_order, id')
    late = late_order(env, orders)
    gone = {}
    for order in orders - late:
        moment = order.date_order + timedelta(days=dice.choice(DAYS), hours=dice.randint(-2, 4))
        if moment < now - timedelta(days=1) and order.date_order < now - timedelta(days=OPEN_DAYS):
            gone[order.picking_ids] = moment
        else:
            plan(order, now + timedelta(days=dice.choice(DAYS)))
    deliver(env, gone)
    env.flush_all()
    env['crm.delivery.time']._cron_learn()
    make_late(env, late, now)


def late_order(env, orders):
    """Return the newest order of the customer whose contact uses the portal."""
    company = env.ref('crm_roles.user_customer').partner_id.commercial_partner_id
    return orders.filtered(lambda order: order.commercial_partner_id == company)[-1:]


def deliver(env, gone, share=1.0):
    """Let transfers have left, each at its moment, with a share of what is in them."""
    pickings = env['stock.picking'].union(*gone)
    for move in pickings.move_ids:
        move.write({'quantity': int(move.product_uom_qty * share) or 1, 'picked': True})
    pickings._action_done()
    for picking, moment in gone.items():
        picking.date_done = moment


def plan(order, moment):
    """Promise an order for a moment at which its transfer is planned, too."""
    order.commitment_date = moment
    order.picking_ids.scheduled_date = moment - timedelta(hours=3)


def make_late(env, order, now):
    """Let a part of an order have left, and the rest be promised for tomorrow but planned later."""
    if not order:
        return
    env.company.late_notice = True
    deliver(env, {order.picking_ids: order.date_order + timedelta(days=3)}, share=0.5)
    rest = order.picking_ids.filtered(lambda picking: picking.state != 'done')
    order.commitment_date = now + timedelta(days=1)
    rest.scheduled_date = now + timedelta(days=6)
    env['crm.order.delay']._tell(order, now)
