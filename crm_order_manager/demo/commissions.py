"""What the order managers of the demo company earn: one plan, and what was settled by it."""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.fields import Command


def load(env):
    """Make the plan, work out the commissions, settle two months; the older one is paid."""
    this_month = date.today() + relativedelta(day=1)
    env['crm.commission.plan'].create({
        'name': "Two Percent of What Comes In",
        'rate': 2.0,
        'earner': 'order_or_personal',
        'date_from': this_month - relativedelta(months=4),
        'rate_ids': [Command.create({
            'category_id': env.ref('crm_roles.product_category_services').id, 'rate': 5.0})],
    })
    env['sale.order']._update_all_due_commissions()
    paid = settle(env, this_month - relativedelta(months=2))
    paid.action_confirm()
    paid.action_pay()
    settle(env, this_month - relativedelta(months=1))


def settle(env, month):
    """Return the drafts of the settlements of a month, for all who earned something."""
    action = env['crm.commission.settle'].create({
        'date_from': month,
        'date_to': month + relativedelta(months=1, days=-1),
    }).action_settle()
    return env['crm.commission.settlement'].search(action['domain'])
