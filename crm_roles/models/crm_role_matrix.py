from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.models import MAGIC_COLUMNS

from ..domain_text import TRUE, parse
from ..model_text import ModelText
from ..role_rights import Line, Rights, Rule

OPERATIONS = ('read', 'write', 'create', 'unlink')
VIEWERS = 'base.group_system,base.group_erp_manager,crm_roles.group_sales_manager'
# The documents of Odoo that the roles are about, in the order in which they are shown.
STOCK_MODELS = [
    'res.partner', 'res.users',
    'sale.order', 'sale.order.line', 'sale.report',
    'product.template', 'product.pricelist',
    'account.move', 'account.move.line', 'account.invoice.report', 'account.payment.term',
    'account.journal', 'account.payment', 'payment.transaction',
    'crm.lead', 'crm.team', 'crm.stage', 'crm.tag',
    'utm.campaign', 'utm.source', 'utm.medium', 'utm.stage',
]


class CrmRoleMatrix(models.AbstractModel):
    """What each job role may do with each kind of document, read from the rights in force."""

    _name = 'crm.role.matrix'
    _description = "Role Matrix"

    @api.model
    @api.readonly
    def get_matrix(self):
        """Return the roles, the documents and what each role may do with each of them.

        An operation that is refused has no entry in its cell. Of the others, ``scope`` is
        ``all`` or ``some``, ``records``, ``companies`` and ``fields`` say in words what narrows
        it, and ``line_ids`` and ``rule_ids`` are where it comes from.

        :return: ``roles``; ``documents`` with their ``cells`` by role and operation; the names
            of the access ``lines`` and the ``rules`` by id; ``may_open``, whether the user may
            open these
        :rtype: dict
        :raise AccessError: when the user is neither an administrator nor a sales manager
        """
        self._check_may_see()
        roles = self._matrix_roles()
        labels = self._model_labels()
        lines, rules = self._lines(roles, labels), self._rules(roles, labels)
        rights = self._rights(lines, rules)
        modules = {name: self.env[name]._original_module for name in labels}
        applications = self._applications(set(modules.values()))
        return {
            'roles': [self._role_values(role) for role in roles],
            'documents': self._by_application(
                self._document_values(name, label, applications[modules[name]], roles, rights)
                for name, label in labels.items()),
            'lines': {line.id: line.name for line in lines},
            'rules': self._rule_values(rules),
            'may_open': self.env.user.has_group('base.group_erp_manager'),
        }

    @api.model
    def _matrix_models(self):
        """Return the names of the models that are shown; those not installed are left out.

        :rtype: list[str]
        """
        module = self.env['ir.module.module']._get('crm_roles')
        suite = {module.name, *module.downstream_dependencies().mapped('name')}
        return STOCK_MODELS + sorted(
            name for name, model in self.env.registry.items()
            if model._original_module in suite and not model._abstract and not model._transient)

    @api.model
    def _matrix_roles(self):
        """Return the roles, in the order in which they are shown.

        :rtype: res.groups
        """
        category = self.env.ref('crm_roles.module_category_customer_relations')
        # sudo: res.groups - what the roles are is no secret for who may see the matrix
        return self.env['res.groups'].sudo().search([
            ('privilege_id.category_id', '=', category.id),
        ]).sorted(lambda role: (role.privilege_id.sequence, role.sequence, role.id))

    @api.model
    def _applications(self, modules):
        """Return the heading under which the models of each module are shown.

        :param set[str] modules: names of the modules that define them
        :rtype: dict[str, str]
        """
        headings = {
            'base': self.env._("Contacts and Users"),
            'product': self.env._("Products and Prices"),
            'sale': self.env._("Sales"),
            'account': self.env._("Invoicing"),
            'account_payment': self.env._("Payments"),
            'payment': self.env._("Payments"),
            'crm': self.env._("CRM"),
            'sales_team': self.env._("CRM"),
            'utm': self.env._("Marketing"),
        }
        known = self.env['ir.module.module']
        others = known.concat(*(known._get(name) for name in sorted(modules - set(headings))))
        return headings | {module.name: module.shortdesc for module in others}

    def _check_may_see(self):
        if not self.env.su and not self.env.user.has_groups(VIEWERS):
            raise AccessError(self.env._(
                "The role matrix is for administrators and sales managers. "
                "Ask one of them what you want to know."))

    def _model_labels(self):
        """Return the label of each model that is shown."""
        names = list(dict.fromkeys(name for name in self._matrix_models() if name in self.env))
        # sudo: ir.model - as above
        found = self.env['ir.model'].sudo().search_fetch(
            [('model', 'in', names)], ['model', 'name'])
        labels = {model.model: model.name for model in found}
        return {name: labels[name] for name in names}

    def _lines(self, roles, names):
        # sudo: ir.model.access - a sales manager may not open them, but may know what they give
        return self.env['ir.model.access'].sudo().search_fetch(
            [('model_id.model', 'in', list(names)),
             ('group_id', 'in', [*roles.all_implied_ids.ids, False])],
            ['name', 'model_id', 'group_id', *(f'perm_{name}' for name in OPERATIONS)])

    def _rules(self, roles, names):
        names = {*names, *(parent for name in names for parent in self.env[name]._inherits)}
        # sudo: ir.rule - a sales manager may not open them, but may know what they leave
        return self.env['ir.rule'].sudo().search_fetch(
            Domain('model_id.model', 'in', list(names))
            & (Domain('groups', 'in', roles.all_implied_ids.ids) | Domain('groups', '=', False)),
            ['name', 'model_id', 'groups', 'domain_force',
             *(f'perm_{name}' for name in OPERATIONS)])

    def _rights(self, lines, rules):
        models_by_name = {name: self.env[name] for name in lines.model_id.mapped('model')}
        return Rights(
            [Line(line.id, line.model_id.model, line.group_id.id, self._operations(line))
             for line in lines],
            [Rule(rule.id, rule.model_id.model, frozenset(rule.groups.ids),
                  self._operations(rule), rule.domain_force or '')
             for rule in rules],
            {name: {field: parent for parent, field in model._inherits.items()
                    if model._fields[field].store}
             for name, model in models_by_name.items()},
        )

    def _operations(self, record):
        return frozenset(name for name in OPERATIONS if record[f'perm_{name}'])

    def _role_values(self, role):
        return {
            'id': role.id,
            'name': role.name,
            'privilege': role.privilege_id.name,
            'comment': role.comment or '',
        }

    def _rule_values(self, rules):
        return {
            rule.id: {
                'name': rule.name or rule.model_id.name,
                'words': ModelText(self.env, rule.model_id.model).of(parse(rule.domain_force)),
            }
            for rule in rules
        }

    def _document_values(self, name, label, application, roles, rights):
        text = ModelText(self.env, name)
        return {
            'model': name,
            'name': label,
            'application': application,
            'cells': {
                role.id: self._cell(name, frozenset(role.all_implied_ids.ids), rights, text)
                for role in roles
            },
        }

    def _by_application(self, documents):
        """Put the documents of one application together, the applications as they come."""
        applications = {}
        for document in documents:
            applications.setdefault(document['application'], []).append(document)
        return [document for group in applications.values() for document in group]

    def _cell(self, name, groups, rights, text):
        cell = {}
        for operation in OPERATIONS:
            access = rights.access(name, groups, operation)
            if access:
                fields = self._guarded_fields(name, groups, operation)
                cell[operation] = {
                    'scope': 'all' if access.domain == TRUE and not fields else 'some',
                    'records': '' if access.domain == TRUE else text.of(access.domain),
                    'companies': '' if access.companies == TRUE else text.of(access.companies),
                    'fields': fields,
                    'line_ids': access.line_ids,
                    'rule_ids': access.rule_ids,
                }
        return cell

    def _guarded_fields(self, name, groups, operation):
        """Say which fields of a document `groups` may write, when not all of them."""
        model = self.env[name]
        if operation in ('read', 'unlink') or not isinstance(
                model, self.env.registry['crm.write.guard']):
            return ''
        labels = self.env['ir.model.fields'].get_field_string(name)
        allowed, refused = [], []
        for field in model._fields.values():
            if (
                not field.readonly and field.name not in MAGIC_COLUMNS
                and self._matches(field.groups, groups)
            ):
                may = self._matches(model._field_writers(field.name), groups)
                (allowed if may else refused).append(labels[field.name])
        if not refused:
            return ''
        if len(allowed) < len(refused):
            return self.env._("only %(fields)s", fields=self._listed(allowed))
        return self.env._("all but %(fields)s", fields=self._listed(refused))

    def _matches(self, specification, groups):
        if not specification:
            return True
        definitions = self.env['res.groups']._get_group_definitions()
        return definitions.parse(specification, raise_if_not_found=False).matches(groups)

    def _listed(self, labels):
        return ", ".join(sorted(set(labels)))
