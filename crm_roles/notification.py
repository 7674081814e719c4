CLOSE = {'type': 'ir.actions.act_window_close'}
RELOAD = {'type': 'ir.actions.client', 'tag': 'soft_reload'}


def notify(message, following=CLOSE, kind='success', **params):
    """Return the action that tells the user something in the corner of the screen.

    :param str message: what
    :param dict following: the action that comes after, `CLOSE` the dialog or `RELOAD` the view
    :param str kind: `success`, `info`, `warning` or `danger`
    :param params: further ones of the client action, such as its `title`
    :rtype: dict
    """
    return {
        'type': 'ir.actions.client',
        'tag': 'display_notification',
        'params': {'type': kind, 'message': message, 'next': following, **params},
    }
