from . import controllers, models, wizard


def give_rights(env):
    """Let those who use the portal already do what they could do before."""
    users = env['res.users'].with_context(active_test=False)
    env['crm.representative.right']._ensure(users.search([('share', '=', True)]))
