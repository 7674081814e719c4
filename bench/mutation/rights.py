"""The guards in the data and in the definitions: each can be taken away and put back."""

import threading
from contextlib import contextmanager

MATRIX = ('tests/test_model_matrix.py', 'tests/test_access_matrix.py', 'tests/test_invariants.py')
FIELDS = ('tests/test_field_matrix.py',)
SCREENS = ('tests/test_screen_matrix.py',)
ROUTES = ('tests/test_portal_security.py',)


class Right:
    """A record whose removal is an UPDATE or DELETE in the transaction of a test."""

    def __init__(self, kind, name, statement, number, about, tests=()):
        self.kind, self.name = kind, f'{kind}:{name}'
        self.statement, self.number, self.about, self.tests = statement, number, about, tests

    @contextmanager
    def removed(self, case):
        case.env.flush_all()
        with case.cr.savepoint(flush=False) as savepoint, self._narrowed(case):
            case.cr.execute(self.statement, [self.number])
            case.env.invalidate_all(flush=False)
            yield
            savepoint.rollback()
        case.env.invalidate_all(flush=False)

    @contextmanager
    def _narrowed(self, case):
        """Let the table of all models be compared for the one that is concerned only."""
        names, model = getattr(case, 'names', None), self.about[1]
        if names is None or model not in names or not hasattr(case, 'groups'):
            yield
            return
        matrix = type(case.env['crm.role.matrix'])
        plain, case.names = matrix._matrix_models, [model]
        matrix._matrix_models = lambda records: [model]
        yield
        matrix._matrix_models, case.names = plain, names


class FieldGroups:
    """The groups of a field of ours: of an abstract model in all that take the field from it."""

    kind, tests = 'field', FIELDS

    def __init__(self, env, field):
        self.field, self.name = field, f'field:{field}'
        self.about = ('field', field.model_name, field.name)
        self.fields = [field] + [
            heir for model in env.values() if (heir := model._fields.get(field.name))
            and field in lenders(env, heir)]

    @contextmanager
    def removed(self, case):
        groups = self.field.groups
        for field in self.fields:
            field.groups = None
        yield
        for field in self.fields:
            field.groups = groups


def lenders(env, field):
    """Return the fields of abstract models that a field has its groups from."""
    found = [
        env[name]._fields.get(field.name) for cls in type(env[field.model_name]).mro()
        if (name := getattr(cls, '_name', None)) != field.model_name and name in env
        and env[name]._abstract and isinstance(env[field.model_name], env.registry[name])]
    return [lent for lent in found if lent and lent.groups == field.groups]


class FieldWriters:
    """Who may write a field of a document that others may write."""

    kind, tests = 'writer', FIELDS

    def __init__(self, model, name):
        self.model, self.field, self.name = model, name, f'writer:{model._name}.{name}'
        self.about = ('writer', model._name, name)

    @contextmanager
    def removed(self, case):
        cls, own = type(self.model), vars(type(self.model)).get('_field_writers')
        plain = cls._field_writers
        cls._field_writers = lambda records, name: (
            '' if name == self.field else plain(records, name))
        yield
        if own:
            cls._field_writers = own
        else:
            del cls._field_writers


class RouteFlag:
    """That a route asks who comes, or for the token of its form."""

    tests = ROUTES
    tests_of = {'auth': 'as_the_table_says', 'csrf': 'without_their_token'}

    def __init__(self, rule, flag, value):
        self.rule, self.kind, self.value = rule, flag, value
        self.name = f'{flag}:{rule.rule} {",".join(sorted(rule.methods or []))}'
        self.kept_by = self.tests_of[flag]

    @contextmanager
    def removed(self, case):
        found = [route.endpoint.routing for route in self._served(case)]
        before = [routing.get(self.kind) for routing in found]
        rules, case.rules = case.rules, [self.rule]
        for routing in found:
            routing[self.kind] = self.value
        yield
        for routing, value in zip(found, before, strict=True):
            routing[self.kind] = value
        case.rules = rules

    def _served(self, case):
        """Return the route as the server has it: when the caches are emptied it is made anew."""
        threading.current_thread().dbname = case.env.cr.dbname
        found = [
            rule for rule in case.env['ir.http'].routing_map().iter_rules()
            if (rule.rule, rule.methods) == (self.rule.rule, self.rule.methods)]
        if not found:
            raise LookupError(f"{self.rule.rule} is served no more.")
        return found


def rights(env, addons):
    """Yield every access line, rule, group of a screen, field and flag of a route of ours."""
    references = env['ir.model.data'].search([('module', 'in', addons)])
    named = {(reference.model, reference.res_id): reference.complete_name
             for reference in references}
    for model, kind, statement in [
            ('ir.rule', 'rule', "UPDATE ir_rule SET active = false WHERE id = %s"),
            ('ir.model.access', 'access',
             "UPDATE ir_model_access SET active = false WHERE id = %s")]:
        for record in env[model].browse(
                number for found, number in named if found == model).exists():
            yield Right(
                kind, named[model, record.id], statement, record.id,
                ('model', record.model_id.model), MATRIX)
    yield from screens(env, named)
    for model in env.values():
        for field in model._fields.values():
            if field.groups and set(field._modules) & set(addons) and not lenders(env, field):
                yield FieldGroups(env, field)
            if isinstance(model, env.registry['crm.write.guard']) and not model._abstract \
                    and field.store and not field.readonly and model._field_writers(field.name):
                yield FieldWriters(model, field.name)


def screens(env, named):
    """Yield the groups of menus, actions and reports."""
    for model, number in named:
        if not model.startswith(('ir.ui.menu', 'ir.actions.')) or model not in env:
            continue
        field = env[model]._fields.get('group_ids')
        if field and env[model].browse(number).exists().group_ids:
            yield Right(
                'screen', named[model, number],
                f'DELETE FROM {field.relation} WHERE {field.column1} = %s', number,
                ('screen', number), SCREENS)


def flags(rules, addons):
    """Yield the flags of the routes of ours."""
    for rule in rules:
        routing = rule.endpoint.routing
        if rule.endpoint.original_endpoint.__module__.split('.')[2] in addons:
            if routing['auth'] != 'public':
                yield RouteFlag(rule, 'auth', 'public')
            if 'POST' in (rule.methods or []) and routing.get('csrf', True):
                yield RouteFlag(rule, 'csrf', False)


class Seen:
    """Which models, fields and writers the tests ask the rights of."""

    def __init__(self, env):
        self.found = set()
        rule, access = type(env['ir.rule']), type(env['ir.model.access'])
        self._watch(rule, '_compute_domain', lambda name, *rest: ('model', name))
        self._watch(access, 'check', lambda name, *rest, **named: ('model', name))
        base = env.registry['base']
        found, plain = self.found, base._has_field_access

        def has_field_access(records, field, operation):
            found.add(('field', field.model_name, field.name))
            found.add(('writer', records._name, field.name))
            return plain(records, field, operation)

        base._has_field_access = has_field_access

    def _watch(self, cls, name, about):
        plain, found = getattr(cls, name), self.found

        def watched(records, *arguments, **named):
            found.add(about(*arguments, **named))
            return plain(records, *arguments, **named)

        watched.__dict__.update(getattr(plain, '__dict__', {}))
        setattr(cls, name, watched)
