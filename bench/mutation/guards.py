"""The guards in the Python code: built in such a way that one of them can be switched off.

Each guard is asked by its number whether it is the one that is off now. So all mutants are one
build, and one process tries them all.
"""

import ast
import builtins
import re
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SWITCH, DOCUMENT = '__guard_is_off__', '__document_of_anybody__'
CHECK = re.compile(r'_?check_(?!ser)\w+$')
REFUSALS = {'AccessError', 'NotFound', 'Forbidden', 'Unauthorized'}
# What is asked, and the answer as if nobody had to ask.
QUESTIONS = {
    'has_group', 'has_groups', 'has_access', '_has_field_access', '_may_write_field', 'consteq',
    'compare_digest'}
OPENERS = {'_check_access', '_has_field_access'}
# Kinds of which one that is off does not undo what another one that is off does.
ALIKE = [
    {'check', 'refusal', 'filter', 'document', 'rights', 'override'}, {'question'}, {'unasked'}]
METHODS = 'test_every_method_answers_as_the_table_says'
SKIPPED = {'tests', 'migrations', 'demo', 'static'}


class Guard:
    """A guard of a method, and what is done to it."""

    def __init__(self, path, place, kind, node):
        self.path, self.place, self.kind, self.line = path, place, kind, node.lineno
        text = ' '.join(ast.unparse(node).split())
        self.name = f'{kind}:{path}:{place}: {text[:70]}'
        self.tests = ()
        self.method = place.rpartition('.')[2]

    @contextmanager
    def alone(self, case):
        """Let the table of all methods be compared for the one that has the guard only."""
        plain = case.methods
        case.methods = {
            name: kept for name, methods in plain.items()
            if (kept := [method for method in methods if method[1] == self.method])}
        yield
        case.methods = plain


class Switch:
    """Which guards are off, and which were asked."""

    def __init__(self):
        self.guards, self.off, self.asked = [], set(), set()

    def __call__(self, number):
        self.asked.add(number)
        return number in self.off

    def was_asked(self, guard):
        return self.guards.index(guard) in self.asked

    def add(self, guard):
        same = sum(other.name.partition('#')[0] == guard.name for other in self.guards)
        guard.name += f'#{same + 1}' if same else ''
        self.guards.append(guard)
        return len(self.guards) - 1


class Instrument(ast.NodeTransformer):
    """Give each guard of a file its switch."""

    def __init__(self, path, switch):
        self.path, self.switch, self.places, self.widened = path, switch, [], []

    def _off(self, kind, node):
        """Return the question whether a guard is off."""
        number = self.switch.add(Guard(self.path, '.'.join(self.places), kind, node))
        return ast.Call(ast.Name(SWITCH, ast.Load()), [ast.Constant(number)], [])

    def visit_ClassDef(self, node):
        self.places.append(node.name)
        node.body = [self.visit(child) for child in node.body]
        self.places.pop()
        return node

    def visit_FunctionDef(self, node):
        self.places.append(node.name)
        opens = node.name in OPENERS and self._off('override', node)
        body = [self.visit(child) for child in node.body]
        if opens:
            names = [ast.Name(argument.arg, ast.Load()) for argument in node.args.args[1:]]
            above = ast.Attribute(
                ast.Call(ast.Name('super', ast.Load()), [], []), node.name, ast.Load())
            body.insert(0, ast.If(opens, [ast.Return(ast.Call(above, names, []))], []))
        node.body = body
        self.places.pop()
        return node

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Call) and CHECK.match(called(node.value)):
            off = self._off('check', node)
            return ast.If(ast.UnaryOp(ast.Not(), off), [self.generic_visit(node)], [])
        return self.generic_visit(node)

    def visit_Raise(self, node):
        if isinstance(node.exc, ast.Call) and called(node.exc) in REFUSALS:
            return ast.If(ast.UnaryOp(ast.Not(), self._off('refusal', node)), [node], [])
        return node

    def visit_Call(self, node):
        name, off = called(node), None
        if name == 'sudo':
            # Whose rights they were does not matter: they are given, or taken, after that.
            self.widened.append(getattr(node.func, 'value', None))
        if name in QUESTIONS:
            off = self._off('question', node)
            result = ast.IfExp(off, ast.Constant(True), self.generic_visit(node))
            if name.startswith('has_group'):
                # What is only for those without a group is a guard too.
                result = ast.IfExp(self._off('unasked', node), ast.Constant(False), result)
            return result
        if name == '_filtered_access':
            off = self._off('filter', node)
            return ast.IfExp(off, node.func.value, self.generic_visit(node))
        if name == '_document_check_access' and self.places[-1:] != [name]:
            off = self._off('document', node)
            anybody = ast.Call(ast.Name(DOCUMENT, ast.Load()), node.args[:2], [])
            return ast.IfExp(off, anybody, self.generic_visit(node))
        if is_narrowing(node) and node not in self.widened:
            off = self._off('rights', node)
            node = self.generic_visit(node)
            wide = ast.Call(ast.Attribute(node, 'sudo', ast.Load()), [], [])
            return ast.IfExp(off, wide, node)
        return self.generic_visit(node)


def called(call):
    return getattr(call.func, 'attr', getattr(call.func, 'id', ''))


def is_narrowing(call):
    """Tell whether a call leaves fewer rights; the superuser has all of them in any case."""
    name, words = called(call), ' '.join(map(ast.unparse, [*call.args, *call.keywords]))
    return name == 'with_user' and words != 'SUPERUSER_ID' or name == 'sudo' and words


def document_of_anybody(name, number):
    from odoo.http import request  # noqa: PLC0415
    # sudo: a mutant - it is the guard before it that is looked at
    return request.env[name].sudo().browse(number)


def install(switch):
    """Load our addons with switches; nothing of it is kept on disk."""
    setattr(builtins, SWITCH, switch)
    setattr(builtins, DOCUMENT, document_of_anybody)
    plain = SourceFileLoader.get_code

    def get_code(loader, fullname):
        path = Path(loader.path)
        parts = path.relative_to(ROOT).parts if path.is_relative_to(ROOT) else ('',)
        if not parts[0].startswith('crm_') or SKIPPED & set(parts):
            return plain(loader, fullname)
        tree = ast.parse(path.read_text())
        tree = Instrument('/'.join(parts), switch).visit(tree)
        return compile(ast.fix_missing_locations(tree), loader.path, 'exec', dont_inherit=True)

    SourceFileLoader.get_code = get_code
