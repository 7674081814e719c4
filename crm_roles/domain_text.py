"""Say the domain of a record rule in words, without evaluating it.

The domain is read as it is written, so that ``user.id`` stays "the user" whoever he is:

>>> describe("['|', ('user_id', '=', user.id), ('user_id', '=', False)]", LABELS.get)
'Salesperson is the user, or Salesperson is not set'

Domains are trees of nodes. They can be put together and simplified before they are said:

>>> own = parse("[('user_id', '=', user.id)]")
>>> typed = parse("[('user_id', '=', user.id), ('state', '=', 'draft')]")
>>> Text(LABELS.get).of(simplify(Some((own, typed))))
'Salesperson is the user'
>>> simplify(Some((own, parse("[(1, '=', 1)]")))) == TRUE
True
"""

import ast
from dataclasses import dataclass

INVERSE = {
    '=': '!=', 'in': 'not in', '<': '>=', '<=': '>', 'like': 'not like', 'ilike': 'not ilike',
    'any': 'not any',
}
INVERSE.update({inverse: operator for operator, inverse in INVERSE.items()})
SYNONYMS = {'==': '=', '<>': '!='}


def words(env):
    """Return the words to say domains in, in the language of the reader.

    :param env: anything that has the translator of an environment
    :rtype: dict[str, str]
    """
    return {
        '=': env._("%(field)s is %(value)s"),
        '!=': env._("%(field)s is not %(value)s"),
        '<': env._("%(field)s is below %(value)s"),
        '<=': env._("%(field)s is at most %(value)s"),
        '>': env._("%(field)s is above %(value)s"),
        '>=': env._("%(field)s is at least %(value)s"),
        'in': env._("%(field)s is %(value)s"),
        'not in': env._("%(field)s is not %(value)s"),
        'like': env._("%(field)s contains %(value)s"),
        'ilike': env._("%(field)s contains %(value)s"),
        'not like': env._("%(field)s does not contain %(value)s"),
        'not ilike': env._("%(field)s does not contain %(value)s"),
        '=like': env._("%(field)s is like %(value)s"),
        '=ilike': env._("%(field)s is like %(value)s"),
        'child_of': env._("%(field)s is %(value)s or below"),
        'parent_of': env._("%(field)s is %(value)s or above"),
        'any': env._("%(field)s has (%(value)s)"),
        'not any': env._("%(field)s has not (%(value)s)"),
        'set': env._("%(field)s is set"),
        'unset': env._("%(field)s is not set"),
        'not': env._("not (%(condition)s)"),
        'and': env._(", and "),
        'or': env._(", or "),
        'one of': env._(" or "),
        'all': env._("all records"),
        'none': env._("no record"),
        'yes': env._("yes"),
        'user': env._("the user"),
        'of user': env._("%(field)s of the user"),
        'company_id': env._("the current company"),
        'company_ids': env._("one of the user's companies"),
    }


class English:
    """Stands in for an environment where nobody asks for another language."""

    _ = str


WORDS = words(English)


@dataclass(frozen=True)
class Leaf:
    """One condition; its value is kept as it is written."""

    path: str
    operator: str
    value: str


@dataclass(frozen=True)
class Raw:
    """What could not be read, as it is written."""

    source: str


@dataclass(frozen=True)
class Not:
    node: object


@dataclass(frozen=True)
class Every:
    """True when all nodes are; without nodes, always."""

    nodes: tuple = ()


@dataclass(frozen=True)
class Some:
    """True when one of the nodes is; without nodes, never."""

    nodes: tuple = ()


TRUE = Every()
FALSE = Some()


def parse(source):
    """Read a domain as it is written in a rule.

    >>> parse("[(1, '=', 1)]") == parse("") == TRUE
    True
    >>> parse("[(0, '=', 1)]") == FALSE
    True
    >>> parse("[('a', '=', 1)] if user.share else []")
    Raw(source="[('a', '=', 1)] if user.share else []")
    >>> parse("['|', ('a', '=', 1)]")
    Raw(source="['|', ('a', '=', 1)]")
    """
    source = (source or '').strip()
    try:
        return simplify(_from_terms(_terms(ast.parse(source or '[]', mode='eval').body)))
    except (SyntaxError, ValueError, IndexError):
        return Raw(source)


def for_employees(source):
    """Return what a rule leaves to employees, where it tells them from who uses the portal.

    >>> for_employees("user.customers() if user.share else [('a', '=', 1)]")
    "[('a', '=', 1)]"
    >>> for_employees("[('a', '=', 1)] if user.active else []")
    "[('a', '=', 1)] if user.active else []"
    """
    source = (source or '').strip()
    try:
        node = ast.parse(source or '[]', mode='eval').body
    except (SyntaxError, ValueError):
        return source
    if isinstance(node, ast.IfExp) and ast.unparse(node.test) == 'user.share':
        return ast.unparse(node.orelse)
    return source


def simplify(node):
    """Flatten a tree, and leave out what is said twice or decides nothing.

    >>> simplify(Every((TRUE, Some((Raw('a'), Raw('a'))))))
    Raw(source='a')
    >>> simplify(Not(parse("[('a', '=', 1)]")))
    Leaf(path='a', operator='!=', value='1')

    What is common to all alternatives is said once:

    >>> simplify(Some((Every((Raw('a'), Raw('b'))), Every((Raw('a'), Raw('c'))))))
    Every(nodes=(Raw(source='a'), Some(nodes=(Raw(source='b'), Raw(source='c')))))
    """
    if isinstance(node, Not):
        return _negate(simplify(node.node))
    if not isinstance(node, Every | Some):
        return node
    kind, other = type(node), Some if isinstance(node, Every) else Every
    parts = {}
    for child in map(simplify, node.nodes):
        if child == other():
            return child
        parts.update(dict.fromkeys(child.nodes if isinstance(child, kind) else [child]))
    kept = tuple(
        part for part in parts
        if not (isinstance(part, other) and any(single in parts for single in part.nodes)))
    return kept[0] if len(kept) == 1 else _factored(kind, other, kept)


def _factored(kind, other, parts):
    """Put `parts` together, what is common to all of them once."""
    if not parts or not all(isinstance(part, other) for part in parts):
        return kind(parts)
    common = [node for node in parts[0].nodes if all(node in part.nodes for part in parts)]
    if not common:
        return kind(parts)
    rest = kind(tuple(
        other(tuple(node for node in part.nodes if node not in common)) for part in parts))
    return simplify(other((*common, rest)))


def names(node):
    """Return the names that a domain takes from whom it is evaluated for.

    >>> sorted(names(parse("[('company_id', 'in', company_ids + [False])]")))
    ['company_ids']
    """
    if isinstance(node, Every | Some):
        return set().union(*map(names, node.nodes))
    if isinstance(node, Not):
        return names(node.node)
    source = node.source if isinstance(node, Raw) else node.value
    try:
        return {part.id for part in ast.walk(ast.parse(source, mode='eval'))
                if isinstance(part, ast.Name)}
    except SyntaxError:
        return set()


def prefixed(node, path):
    """Return a domain of a record as one of those that point to it by `path`.

    >>> prefixed(parse("[('share', '=', True)]"), 'partner_id').path
    'partner_id.share'
    """
    if isinstance(node, Leaf):
        return Leaf(f'{path}.{node.path}', node.operator, node.value)
    if isinstance(node, Every | Some):
        return type(node)(tuple(prefixed(child, path) for child in node.nodes))
    if isinstance(node, Not):
        return Not(prefixed(node.node, path))
    return node


def describe(source, label, **options):
    """Say the domain written in `source`; see :class:`Text` for the options.

    >>> describe("[('company_id', 'in', company_ids + [False])]", LABELS.get)
    "Company is one of the user's companies, or Company is not set"
    >>> describe("[('partner_id', 'child_of', [user.commercial_partner_id.id])]", LABELS.get)
    'Customer is commercial_partner_id of the user or below'
    >>> describe("['&', ('state', 'in', ('sent', 'sale')), '!', ('user_id', '=', 5)]", LABELS.get)
    'state is sent or sale, and Salesperson is not 5'
    >>> describe("[('user_id', '!=', False), '|', ('a', '>', 1), ('b', '=', True)]", LABELS.get)
    'Salesperson is set, and (a is above 1, or b is yes)'
    >>> describe("[('line_ids', 'any', [('b', '<', 2)])]", LABELS.get)
    'line_ids has (b is below 2)'
    >>> describe("['!', ('partner_id', 'parent_of', company_id)]", LABELS.get)
    'not (Customer is the current company or above)'
    >>> describe("[('a', '=', user.f(1).id)]", LABELS.get)
    'a is user.f(1).id'
    >>> describe("user.rule()", LABELS.get)
    'user.rule()'
    >>> describe("[]", LABELS.get)
    'all records'
    """
    return Text(label, **options).of(parse(source))


class Text:
    """Turns trees into sentences.

    :param label: gives the label of a dotted path of fields, or nothing
    :param value_label: gives the label of a value of a dotted path, or nothing
    :param user_label: gives the label of a dotted path of fields of the user, or nothing
    :param words: the words to say it in, those of :func:`words` in the reader's language
    """

    def __init__(self, label, value_label=None, user_label=None, words=None):
        self.label = label
        self.value_label = value_label or (lambda path, value: None)
        self.user_label = user_label or (lambda path: None)
        self.words = words or WORDS

    def of(self, node):
        if isinstance(node, Raw):
            return node.source
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Not):
            return self.words['not'] % {'condition': self.of(node.node)}
        if not node.nodes:
            return self.words['all' if node == TRUE else 'none']
        return self.words['and' if isinstance(node, Every) else 'or'].join(
            f'({self.of(child)})' if isinstance(child, Every | Some) else self.of(child)
            for child in node.nodes)

    def _leaf(self, leaf):
        field = self.label(leaf.path) or leaf.path
        if leaf.operator in ('any', 'not any'):
            value = self.of(parse(leaf.value))
        else:
            value = ast.parse(leaf.value, mode='eval').body
            if (
                leaf.operator in ('=', '!=') and _is_unset(value)
                and not self.value_label(leaf.path, False)
            ):
                return self.words['unset' if leaf.operator == '=' else 'set'] % {'field': field}
            value = self.words['one of'].join(self._values(value, leaf.path))
        return self.words[leaf.operator] % {'field': field, 'value': value}

    def _values(self, node, path):
        if isinstance(node, ast.List | ast.Tuple):
            return [word for child in node.elts for word in self._values(child, path)]
        if _is_sum(node):
            return self._values(node.left, path) + self._values(node.right, path)
        if isinstance(node, ast.Constant):
            known = self.value_label(path, node.value)
            return [known or (self.words['yes'] if node.value is True else str(node.value))]
        if isinstance(node, ast.Name) and node.id in ('company_id', 'company_ids'):
            return [self.words[node.id]]
        return [self._of_user(ast.unparse(node))]

    def _of_user(self, source):
        """Say an attribute of the user, and anything else as it is written."""
        head, *path = source.split('.')
        if head != 'user' or not path or not all(part.isidentifier() for part in path):
            return source
        path = '.'.join(path[:-1] if path[-1] in ('id', 'ids') else path)
        if not path:
            return self.words['user']
        return self.words['of user'] % {'field': self.user_label(path) or path}


def _terms(node):
    if _is_sum(node):
        return _terms(node.left) + _terms(node.right)
    if not isinstance(node, ast.List | ast.Tuple):
        raise ValueError("not a list of terms")
    return node.elts


def _from_terms(terms):
    """Build the tree of a list in prefix notation."""
    stack = []
    for term in reversed(terms):
        operator = term.value if isinstance(term, ast.Constant) else None
        if operator == '!':
            stack.append(Not(stack.pop()))
        elif operator in ('&', '|'):
            stack.append((Every if operator == '&' else Some)((stack.pop(), stack.pop())))
        else:
            stack.append(_from_term(term))
    return Every(tuple(reversed(stack)))


def _from_term(term):
    if not isinstance(term, ast.List | ast.Tuple):
        raise ValueError("not a condition")
    path, operator, value = term.elts
    path, operator = ast.literal_eval(path), ast.literal_eval(operator)
    operator = SYNONYMS.get(operator, operator)
    if isinstance(path, int):
        return TRUE if (path == ast.literal_eval(value)) == (operator == '=') else FALSE
    if operator not in WORDS:
        raise ValueError("not an operator")
    if operator in ('in', 'not in'):
        return _membership(path, operator, value)
    return Leaf(path, operator, ast.unparse(value))


def _membership(path, operator, value):
    """Say "not set" apart from the values it stands among."""
    values = _without_unset(value)
    kind, equals = (Some, '=') if operator == 'in' else (Every, '!=')
    leaf = Leaf(path, operator, ast.unparse(values))
    parts = [leaf] if getattr(values, 'elts', True) else []
    if leaf.value != ast.unparse(value):
        parts.append(Leaf(path, equals, 'False'))
    return kind(tuple(parts))


def _without_unset(node):
    if isinstance(node, ast.List | ast.Tuple):
        return type(node)([child for child in node.elts if not _is_unset(child)], ast.Load())
    if _is_sum(node):
        sides = [_without_unset(node.left), _without_unset(node.right)]
        filled = [side for side in sides if getattr(side, 'elts', True)]
        if len(filled) < len(sides):
            return (filled or sides)[0]
        return ast.BinOp(filled[0], ast.Add(), filled[1])
    return node


def _negate(node):
    if isinstance(node, Not):
        return node.node
    if isinstance(node, Every | Some) and not node.nodes:
        return FALSE if node == TRUE else TRUE
    if isinstance(node, Leaf) and node.operator in INVERSE:
        return Leaf(node.path, INVERSE[node.operator], node.value)
    return Not(node)


def _is_unset(node):
    return isinstance(node, ast.Constant) and (node.value is False or node.value is None)


def _is_sum(node):
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)


# For the examples above.
LABELS = {'user_id': "Salesperson", 'company_id': "Company", 'partner_id': "Customer"}
