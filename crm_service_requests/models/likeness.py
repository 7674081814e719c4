"""How like two subjects are, whatever the order and the case of their words.

Words are cut into groups of three letters, as PostgreSQL's ``pg_trgm`` does, so that a slip of the
pen does not hide what is meant. It works the same without that extension.

>>> likeness("Where is my bench?", "my bench, where is it") > LIKE
True
>>> likeness("Where is my bench?", "Bill of January") > LIKE
False
"""

import re

# Two subjects of which so much is the same mean the same.
LIKE = 0.4
# What mail programs put before a subject, in several languages.
PREFIX = re.compile(r'^\s*((re|fwd?|aw|wg|tr|rv|sv|vs)\s*:\s*)+', re.IGNORECASE)


def trigrams(text):
    """Return the groups of three letters of the words of a text.

    >>> sorted(trigrams("Re: Cat"))
    ['  c', ' ca', 'at ', 'cat']
    """
    words = re.findall(r'\w+', PREFIX.sub('', text or '').casefold())
    return {
        padded[place:place + 3]
        for word in words for padded in [f'  {word} '] for place in range(len(padded) - 2)}


def likeness(one, other):
    """Return which share of the groups of letters two texts have in common, from 0 to 1.

    >>> likeness("RE: Bench", "bench"), likeness("", "bench")
    (1.0, 0.0)
    """
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second) if first and second else 0.0
