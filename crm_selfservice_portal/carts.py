"""What somebody ticks to pay, as it stands in an address: texts and numbers, without a database.

An item is named by a letter and a number: `m` for a bill or another entry of the books, `o` for an
order, `p` for a payment on account of a customer.
"""

import re

KEY = re.compile(r'[mop][1-9]\d{0,8}')
AMOUNT = re.compile(r'\d{1,12}([.,]\d{1,6})?')


def parse_amount(text):
    """Return the amount that a text names, or None when it names none above 0.

    >>> parse_amount('12.50'), parse_amount(' 7,5 ')
    (12.5, 7.5)
    >>> [parse_amount(text) for text in ('', None, '-1', '0', 'nan', '1e9', '1.2.3', '9' * 13)]
    [None, None, None, None, None, None, None, None]
    """
    text = (text or '').strip()
    return (float(text.replace(',', '.')) or None) if AMOUNT.fullmatch(text) else None


def parse_key(text):
    """Return the letter and the number of an item, or None when a text is the name of none.

    >>> parse_key('m12'), parse_key('x1'), parse_key("m1' OR 1=1")
    (('m', 12), None, None)
    """
    return (text[0], int(text[1:])) if KEY.fullmatch(text or '') else None


def parse_account(text):
    """Return the numbers of company and currency that a text names, or None.

    >>> parse_account('1-2'), parse_account('1'), parse_account(None), parse_account('a-b')
    ((1, 2), None, None, None)
    """
    match = re.fullmatch(r'(\d{1,9})-(\d{1,9})', text or '')
    return (int(match[1]), int(match[2])) if match else None


def write_cart(amounts):
    """Return what was chosen as a text.

    >>> write_cart({'m12': 100.0, 'o5': 20.5})
    'm12-100.0_o5-20.5'
    """
    return '_'.join(f'{key}-{amount}' for key, amount in amounts.items())


def read_cart(text):
    """Return what was chosen, as `write_cart` wrote it; nothing when a text is none of its.

    >>> read_cart('m12-100.0_o5-20.5')
    {'m12': 100.0, 'o5': 20.5}
    >>> read_cart('m12-100.0_m12-5'), read_cart('m12-x'), read_cart(''), read_cart('m12')
    ({}, {}, {}, {})
    """
    pairs = [part.partition('-')[::2] for part in text.split('_')]
    amounts = {key: parse_amount(amount) for key, amount in pairs if parse_key(key)}
    return amounts if len(amounts) == len(pairs) and all(amounts.values()) else {}
