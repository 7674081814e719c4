"""What customers of the demo company did in the portal: they corrected orders and paid in part."""

from . import corrections, payments

QUIETLY = {
    'tracking_disable': True, 'mail_auto_subscribe_no_notify': True,
    'mail_notify_force_send': False}


def load(env):
    """Let the representatives of a customer correct his orders and pay some of his bills."""
    env = env(context={**env.context, **QUIETLY})
    corrections.load(env)
    payments.load(env)
