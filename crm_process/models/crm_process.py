import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import ormcache

STATES = [
    ('draft', "Draft"),
    ('active', "Active"),
    ('suspended', "Suspended"),
    ('replaced', "Replaced"),
    ('stopped', "Stopped"),
]
TRANSITIONS = {
    'draft': {'active'},
    'active': {'suspended', 'replaced', 'stopped'},
    'suspended': {'active', 'replaced', 'stopped'},
    'replaced': {'stopped'},
    'stopped': {'active'},
}
# What documents are measured by: another version of the process is needed to change it.
FROZEN = {
    'model_name', 'company_id', 'domain', 'start_domain', 'end_domain', 'pause_domain', 'step_ids'}
DOMAINS = ['domain', 'start_domain', 'end_domain', 'pause_domain']


class CrmProcess(models.Model):
    """How documents of one kind go from a start to an end, and how long each step may take."""

    _name = 'crm.process'
    _description = "Process"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'sequence, name, version desc, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        STATES, "Status", default='draft', required=True, readonly=True, copy=False, tracking=True)
    suspended_reason = fields.Text(readonly=True, copy=False)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    origin_id = fields.Many2one(
        'crm.process', "First Version", readonly=True, copy=False, index='btree_not_null',
        ondelete='cascade')
    version_ids = fields.One2many('crm.process', 'origin_id', "Later Versions")
    date_in_force = fields.Datetime("In Force Since", readonly=True, copy=False)
    description = fields.Html(translate=True)

    model_name = fields.Selection(
        '_selection_model_name', "Documents", required=True, index=True)
    domain = fields.Char(
        "Applies to", default='[]', required=True,
        help="Documents outside of it are not measured; one that leaves it gives up its run.")
    start_domain = fields.Char(
        "Starts when", default='[]', required=True,
        help="A document starts as soon as it fits.")
    end_domain = fields.Char(
        "Ends when", default='[]', required=True, help="The run is over as soon as it fits.")
    pause_domain = fields.Char(
        "Clock stands while", default='[]', required=True,
        help="As long as the document fits, no hours are counted, for example because it is the "
             "customer's turn. Empty: never.")

    company_id = fields.Many2one('res.company', help="Empty: documents of every company.")
    calendar_id = fields.Many2one(
        'resource.calendar', "Working Hours", check_company=True, tracking=True,
        help="The hours that count. Empty: those of the document's company.")
    user_id = fields.Many2one(
        'res.users', "Owner", default=lambda self: self.env.user, required=True, tracking=True,
        domain=[('share', '=', False)],
        help="Keeps the definition, and is told when it no longer works.")
    group_id = fields.Many2one(
        'res.groups', "Role", domain=lambda self: [('id', 'in', self._role_groups().ids)],
        help="Whose work this process is.")
    risk_threshold = fields.Float(
        "Alarm at", default=50.0, required=True, tracking=True,
        help="A step is at risk from the moment its probability to be late is so many percent.")

    step_ids = fields.One2many('crm.process.step', 'process_id', "Steps", copy=False)
    run_ids = fields.One2many('crm.process.run', 'process_id', "Runs", copy=False)
    open_run_count = fields.Integer("In Progress", compute='_compute_counts')
    late_count = fields.Integer("Late", compute='_compute_counts')
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    value = fields.Monetary(
        "Value of a Year", compute='_compute_value',
        help="What the documents brought whose run was finished in the last twelve months: for "
             "orders the margin, for leads the expected revenue, for bills the untaxed amount.")

    _risk_threshold = models.Constraint(
        'CHECK (risk_threshold > 0 AND risk_threshold <= 100)',
        "The alarm comes at more than 0 and at most 100 percent.")
    _in_force = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state IN ('active', 'suspended')",
        "Only one version of a process is in force.")

    @api.depends('name', 'version', 'origin_id')
    def _compute_display_name(self):
        for process in self:
            process.display_name = process.name if process.version == 1 else self.env._(
                "%(process)s (version %(version)s)",
                process=process.name, version=process.version)

    def _compute_counts(self):
        tasks = self.env['crm.process.task']
        opened = dict(self.env['crm.process.run']._read_group(
            [('process_id', 'in', self.ids), ('state', '=', 'open')],
            ['process_id'], ['__count']))
        late = dict(tasks._read_group(
            Domain('process_id', 'in', self.ids) & tasks._open_domain() & tasks._late_domain(),
            ['process_id'], ['run_id:count_distinct']))
        for process in self:
            process.open_run_count = opened.get(process, 0)
            process.late_count = late.get(process, 0)

    @api.depends_context('company')
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends_context('allowed_company_ids')
    def _compute_value(self):
        sums = self.env['crm.process.run']._read_group(
            [('process_id', 'in', self.ids), ('date_end', '>=', 'now -12m')],
            ['process_id', 'company_id'], ['value:sum'])
        today = fields.Date.context_today(self)
        totals = dict.fromkeys(self, 0.0)
        for process, company, value in sums:
            totals[process] += company.currency_id._convert(
                value, self.env.company.currency_id, self.env.company, today)
        for process in self:
            process.value = totals[process]

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_processes()
        return super().create(vals_list)

    def write(self, vals):
        if 'state' in vals:
            self._check_transition(vals['state'])
        if frozen := self.filtered(lambda process: process._is_frozen(vals)):
            raise UserError(self.env._(
                "%(process)s is in force: documents are measured by it. Make a new version to "
                "change what it says.", process=frozen[0].display_name))
        result = super().write(vals)
        self._forget_processes()
        if 'calendar_id' in vals:
            # sudo: crm.process.run - runs are written by nobody but the engine
            runs = self.env['crm.process.run'].sudo().search(
                [('process_id', 'in', self.ids), ('date_end', '=', False)])
            runs._assign_calendar()
        if {'risk_threshold', 'calendar_id'} & vals.keys():
            # sudo: crm.process.task - as above
            self.env['crm.process.task'].sudo()._reschedule(
                Domain('process_id', 'in', self.ids))
        return result

    def unlink(self):
        self._forget_processes()
        return super().unlink()

    def copy(self, default=None):
        copies = super().copy(default)
        for process, copy in zip(self, copies, strict=True):
            steps = process.step_ids._copy_to(copy)
            if not copy.origin_id:
                for step in steps.values():
                    step.write({'key': step.id, 'previous_id': False})
        return copies

    def copy_data(self, default=None):
        return [
            {**vals, 'name': self.env._("%(process)s (copy)", process=process.name)}
            | (default or {})
            for process, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self.filtered('run_ids'):
            raise UserError(self.env._(
                "Documents have gone through %(process)s. Stop and archive it to keep what was "
                "learnt from them.", process=used[0].display_name))

    def action_activate(self):
        """Put the process in force and take in the documents that are in the middle of it."""
        self._check_definition()
        self.write({
            'state': 'active', 'suspended_reason': False, 'date_in_force': fields.Datetime.now()})
        self._sweep()

    def action_stop(self):
        """Measure nothing any more; what runs is given up, what is past stays."""
        self.state = 'stopped'
        # sudo: crm.process.run - runs are written by nobody but the engine
        self.run_ids.sudo().filtered(lambda run: run.state == 'open')._finish('cancelled')

    def action_new_version(self):
        """Make the next version as a draft and open it.

        :return: the action that opens it
        :rtype: dict
        """
        return self._next_version()._get_records_action()

    def action_open_tasks(self):
        """Open the tasks of the process.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_process.crm_process_task_action')
        return {**action, 'domain': [('process_id', 'in', self.ids)]}

    def _next_version(self):
        """Copy the process with its steps as the draft of its next version.

        :rtype: crm.process
        """
        self.ensure_one()
        origin = self.origin_id or self
        family = origin | origin.version_ids
        if draft := family.filtered(lambda process: process.state == 'draft'):
            raise UserError(self.env._(
                "%(process)s is already being prepared. Activate or delete it first.",
                process=draft[0].display_name))
        return self.copy({
            'name': self.name, 'version': max(family.mapped('version')) + 1,
            'origin_id': origin.id})

    def _check_transition(self, state):
        """Refuse `state` unless every process may go there from where it is."""
        labels = dict(self._fields['state']._description_selection(self.env))
        for process in self.filtered(
                lambda process: process.state != state and state not in TRANSITIONS[process.state]):
            raise UserError(self.env._(
                "%(process)s is %(current)s and cannot become %(next)s.",
                process=process.display_name, current=labels[process.state], next=labels[state]))
        if state == 'active':
            for process in self:
                origin = process.origin_id or process
                others = (origin | origin.version_ids) - process
                replaced = others.filtered(lambda other: other.state in ('active', 'suspended'))
                replaced.state = 'replaced'
                # Two in force at once are refused, in whatever order one statement writes them.
                replaced.flush_recordset(['state'])

    def _is_frozen(self, vals):
        """Return whether `vals` would change by what documents are measured already."""
        self.ensure_one()
        return self.state in ('active', 'replaced') and any(
            self._fields[name].type == 'one2many' and vals[name]
            and any(command[0] != Command.UPDATE for command in vals[name])
            or self._fields[name].type != 'one2many'
            and self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in FROZEN & vals.keys())

    @api.model
    def _selection_model_name(self):
        return [(name, self.env['ir.model']._get(name).name) for name in self._process_models()]

    @api.model
    def _process_models(self):
        """Return the names of the models whose documents can be measured.

        :rtype: list[str]
        """
        return [
            name for name in self.env.registry.descendants(['crm.process.mixin'], '_inherit')
            if not self.env[name]._abstract]

    @api.model
    def _role_groups(self):
        """Return the groups that are roles of the suite.

        :rtype: res.groups
        """
        return self.env['crm.role.matrix']._matrix_roles()

    def _domain_of(self, name):
        """Return one of the domains of the process as a `Domain`.

        :param str name: the field that holds it
        :raise ValidationError: if it cannot be read
        """
        return self._parse_domain(self[name], self._fields[name]._description_string(self.env))

    def _parse_domain(self, text, label):
        """Read a domain that somebody typed.

        :param str label: what the domain is called in an error
        :rtype: Domain
        :raise ValidationError: if it is no domain, or not one of fixed values
        """
        try:
            return Domain(ast.literal_eval(text or '[]'))
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(self.env._(
                "%(process)s: the condition \"%(label)s\" cannot be read: %(domain)s",
                process=self.display_name, label=label, domain=text)) from error

    def _scope(self):
        """Return which documents the process is about.

        :rtype: Domain
        """
        scope = self._domain_of('domain')
        if self.company_id and 'company_id' in self.env[self.model_name]._fields:
            scope &= Domain('company_id', '=', self.company_id.id)
        return scope

    def _forget_processes(self):
        """Forget which processes a model has: something about one of them changes."""
        self.env.registry.clear_cache()

    @api.model
    @ormcache('model_name')
    def _watched_fields(self, model_name):
        """Return the fields of a model that its processes ask for.

        Kept in memory, so that a model without a process costs nothing.

        :param str model_name: name of a model
        :return: names of fields; empty if no process is in force
        :rtype: frozenset[str]
        """
        # sudo: crm.process - documents are measured whoever changes them
        processes = self.sudo().search(
            [('model_name', '=', model_name), ('state', 'in', ('active', 'replaced'))])
        return frozenset().union(*(process._asked_fields() for process in processes))

    def _asked_fields(self):
        """Return the fields of the documents that the process asks for.

        :rtype: set[str]
        """
        conditions = [self._scope(), *map(self._domain_of, DOMAINS), *(
            step._condition() for step in self.step_ids)]
        names = {
            condition.field_expr.split('.')[0]
            for domain in conditions for condition in domain.iter_conditions()}
        people = {path.split('.')[0] for path in self.step_ids.mapped('responsible_path') if path}
        return names | people | set(self.env[self.model_name]._process_extra_fields())
