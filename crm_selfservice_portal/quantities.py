"""Quantities of products, as a form sends them."""

import re

from odoo.addons.crm_service_requests import web_values

NAME = re.compile(r'quantity_([1-9][0-9]{0,8})')
# More than so much of one product is a slip of the finger.
MAX_QUANTITY = 1_000_000


def quantities(form):
    """Return what was typed as the quantity of each product, by the id of the product.

    >>> quantities({'quantity_7': ' 2 ', 'quantity_8': '', 'quantity_0': '1', 'quantity_x': '1'})
    {7: '2'}
    """
    typed = {
        int(match.group(1)): value.strip()[:20]
        for name, value in form.items() if (match := NAME.fullmatch(name))}
    return {product: value for product, value in typed.items() if value}


def read_quantity(text):
    """Return a quantity above zero.

    >>> read_quantity("1,5")
    1.5
    >>> read_quantity("0")
    Traceback (most recent call last):
    ...
    odoo.addons.crm_service_requests.web_values.Unreadable: not_a_number
    """
    quantity = round(web_values.number(text), 3)
    if not 0 < quantity <= MAX_QUANTITY:
        raise web_values.Unreadable('not_a_number')
    return quantity
