"""Placeholders in what a caller reads: paths of fields, never code."""

import re

from odoo.tools.rendering_tools import parse_inline_template

PATH = re.compile(r'(object|user)((\.[a-z][a-z0-9_]*)+)')


def placeholders(text):
    """Return the placeholders of a text, in their order.

    :param str text: plain text or HTML, with ``{{ object.name ||| default }}``
    :rtype: list[str]

    >>> placeholders("<p>Good day, this is {{ user.name }} about {{object.name ||| it}}.</p>")
    ['user.name', 'object.name']
    >>> placeholders(None)
    []
    """
    return [found for _literal, found, _default in parse_inline_template(text or '') if found]


def split_placeholder(placeholder):
    """Return what a placeholder starts from and the names of its fields, or None if it is none.

    >>> split_placeholder('object.partner_id.name')
    ('object', ['partner_id', 'name'])
    >>> split_placeholder('user.name')
    ('user', ['name'])
    >>> split_placeholder('object')
    >>> split_placeholder('object.unlink()')
    >>> split_placeholder('object.__class__')
    >>> split_placeholder("env['res.users']")
    """
    match = PATH.fullmatch(placeholder)
    return match and (match[1], match[2][1:].split('.'))
