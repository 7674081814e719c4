"""What the web client asks for when it opens a view."""

from lxml import etree


def specification(env, model, kind, view=None):
    """Return the fields of a view as `web_search_read` and `web_read` want them.

    :param str model: name of the model
    :param str kind: of the view: list, form or kanban
    :param str view: external id of the view; without it the one that is shown first
    :rtype: dict
    """
    found = env[model].get_view(env.ref(view).id if view else None, kind)
    return _fields(env[model], etree.fromstring(found['arch']))


def _fields(model, tree):
    names = {}
    for node in tree.xpath('.//field[not(ancestor::field)]'):
        field = model._fields[node.get('name')]
        names[field.name] = {}
        if field.type in ('one2many', 'many2many') and len(node):
            inner = [_fields(model.env[field.comodel_name], _detached(child)) for child in node]
            names[field.name] = {'fields': {
                name: value for fields in inner for name, value in fields.items()}, 'limit': 40}
        elif field.type in ('many2one', 'many2many'):
            names[field.name] = {'fields': {'display_name': {}}}
    return names


def _detached(node):
    return etree.fromstring(etree.tostring(node))
