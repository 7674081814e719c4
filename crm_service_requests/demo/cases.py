"""Requests of the demo company in which something is decided: warranty, returns, debts, visits."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

from odoo import fields
from odoo.fields import Command

WARRANTY_MONTHS = {
    'crm_roles.product_category_power': 12, 'crm_roles.product_category_measuring': 24}


def load(env):
    """Make them on what customers bought; without a history of orders there are none."""
    for category, months in WARRANTY_MONTHS.items():
        env['product.template'].search(
            [('categ_id', '=', env.ref(category).id)]).warranty_months = months
    sold = env['sale.order.line'].search(
        [('state', '=', 'sale'), ('product_id.type', '=', 'consu'), ('qty_invoiced', '>', 0)])
    sold = sold.sorted('id').sorted(lambda line: line.order_id.date_order)
    if not sold:
        return
    deliver(sold.order_id)
    make_warranties(env, sold)
    make_returns(env, sold)
    make_debts(env)
    make_visits(env)
    keep_a_mail(env)
    put_rules_to_work(env)


def deliver(orders):
    """Hand over what was ordered, two days later, where there are deliveries."""
    if 'picking_ids' not in orders._fields:
        return
    pickings = orders.picking_ids.filtered(lambda picking: picking.state not in ('done', 'cancel'))
    for move in pickings.move_ids:
        move.write({'quantity': move.product_uom_qty, 'picked': True})
    pickings._action_done()
    for order in orders:
        order.picking_ids.date_done = order.date_order + timedelta(days=2)


def create(env, kind, partner, subject, user='user_service', **values):
    """Make a request of a customer."""
    return env['crm.request'].create({
        'name': subject, 'partner_id': partner.id, 'channel': 'mail', 'state': 'open',
        'type_id': env.ref(f'crm_service_requests.crm_request_type_{kind}').id,
        'user_id': env.ref(f'crm_roles.{user}').id, **values})


def make_warranties(env, sold):
    """Make a claim that is in time and one that is too late."""
    tools = sold.filtered(lambda line: line.product_id.warranty_months == 12)
    newest = {(line.order_partner_id.commercial_partner_id, line.product_id): line
              for line in tools}
    year_ago = fields.Datetime.now() - timedelta(days=370)
    late = [line for line in newest.values() if line.order_id.date_order < year_ago]
    for lines, subject in ((tools[-1:], "Motor smells burnt"), (late[:1], "Battery is dead")):
        for line in lines:
            create(env, 'warranty', line.order_partner_id, subject, 'user_service2',
                   warranty_product_id=line.product_id.id)


def make_returns(env, sold):
    """Make a return that is accepted and one that the system rejects."""
    changed_mind = env.ref('crm_service_requests.crm_return_reason_mind')
    for line, subject, condition in (
            (sold[-1:], "Ordered too many", 'unopened'), (sold[:1], "No longer needed", 'opened')):
        request = create(env, 'return', line.order_partner_id, subject)
        purchase = env['crm.return.purchase'].search([('sale_line_id', '=', line.id)], limit=1)
        if not purchase.returnable:
            continue
        request.return_line_ids = [Command.create({
            'sale_line_id': line.id, 'quantity': 1.0, 'condition': condition,
            'reason_id': changed_mind.id})]
        request.action_decide_return()


def make_debts(env):
    """Make a debt with a promise that still holds, of the customer who owes most for longest."""
    bills = env['account.move'].search([
        ('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),
        ('payment_state', 'in', ['not_paid', 'partial']),
        ('invoice_date_due', '<', fields.Date.today())], order='invoice_date_due', limit=2)
    for number, partner in enumerate(bills.commercial_partner_id):
        debt = create(env, 'debt', partner, "Overdue bills", 'user_service2', channel='phone')
        if not number and debt.debt_amount:
            env['crm.payment.promise'].create({
                'request_id': debt.id, 'amount': debt.debt_amount,
                'date': fields.Date.today() + timedelta(days=5)})


def make_visits(env):
    """Let a visit that was asked for have a time in the calendar."""
    kind = env.ref('crm_service_requests.crm_request_type_service')
    kind.technician_ids = env.ref('crm_roles.user_service') | env.ref('crm_roles.user_service2')
    kind.product_id = env.ref('crm_roles.product_calibration')
    for request in env['crm.request'].search(
            [('type_id', '=', kind.id), ('state', '=', 'open')], limit=1):
        slots = request._free_slots()
        if slots:
            start, _stop, people = slots[min(3, len(slots) - 1)]
            request.write({'service_start': start, 'technician_ids': people[:1].ids})
            request.action_confirm_appointment()


def keep_a_mail(env):
    """Have a mail wait that came to no address of the company."""
    message = EmailMessage(policy=SMTP)
    message['From'] = 'Kieran Doyle <kieran.doyle@slaneytoolhire.example>'
    message['To'] = 'sevrice@harrowpike.example'
    message['Subject'] = 'Price list for the autumn'
    message['Message-Id'] = '<price-list@slaneytoolhire.example>'
    message.set_content("Could you send us the new price list, please?")
    env['crm.mail.quarantine']._keep(
        message.as_bytes(), {'model': False}, ValueError("No possible route found for the mail."))


def put_rules_to_work(env):
    """Have the ready-made rule on overdue bills make what is to be made today."""
    rules = env.ref('crm_service_requests.crm_request_rule_overdue')
    rules.write({'active': True, 'amount': 3000.0})
    rules._run()
