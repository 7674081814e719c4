from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# What documents are measured by: another version of the process is needed to change it.
FROZEN = {'process_id', 'domain', 'depends_on_ids', 'parallel'}
# What moves the deadlines of steps that are under way.
PLANNED_BY = {'norm_hours', 'tolerance_hours', 'level_ids'}


class CrmProcessStep(models.Model):
    """A state in which documents stand, how long they may, and who answers for it."""

    _name = 'crm.process.step'
    _description = "Process Step"
    _order = 'process_id, sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    process_id = fields.Many2one(
        'crm.process', required=True, index=True, ondelete='cascade')
    model_name = fields.Selection(related='process_id.model_name')
    state = fields.Selection(related='process_id.state')
    domain = fields.Char(
        "Stands here while", default='[]', required=True,
        help="A document stands in this step as long as it fits.")
    norm_hours = fields.Float(
        "Norm (Hours)", default=8.0, required=True, help="Working hours the step may take.")
    tolerance_hours = fields.Float(
        "Tolerance (Hours)",
        help="Working hours beyond the norm that are still forgiven: late is what takes longer.")
    responsible = fields.Selection(
        [('field', "Person on the Document"), ('user', "Fixed Person"), ('role', "Role")],
        "Answers for It", default='field', required=True)
    responsible_path = fields.Char(
        "Person", default='user_id', help="The field of the document that names him.")
    user_id = fields.Many2one('res.users', "Fixed Person", domain=[('share', '=', False)])
    group_id = fields.Many2one(
        'res.groups', "Role",
        domain=lambda self: [('id', 'in', self.env['crm.process']._role_groups().ids)])
    depends_on_ids = fields.Many2many(
        'crm.process.step', 'crm_process_step_dependency', 'step_id', 'depends_on_id',
        "Waits for", domain="[('process_id', '=', process_id), ('id', '!=', id)]", copy=False,
        help="The clock of this step starts once those are done.")
    parallel = fields.Boolean(
        "Beside Others", help="A document may stand in this step and in others at once.")
    level_ids = fields.One2many('crm.process.level', 'step_id', "Warnings", copy=True)
    task_ids = fields.One2many('crm.process.task', 'step_id', "Tasks", copy=False)
    previous_id = fields.Many2one(
        'crm.process.step', "In the Version Before", readonly=True, copy=False,
        index='btree_not_null', ondelete='set null')
    key = fields.Integer(
        readonly=True, copy=True, index=True,
        help="The same in all versions of the process: what is learnt from one counts for the "
             "next.")

    _tolerance = models.Constraint(
        'CHECK (tolerance_hours >= 0)', "The tolerance of a step is not negative.")

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_not_in_force()
        for step in steps.filtered(lambda step: not step.key):
            step.key = step.id
        steps.process_id._forget_processes()
        return steps

    def write(self, vals):
        if FROZEN & vals.keys():
            self._check_not_in_force()
        result = super().write(vals)
        self.process_id._forget_processes()
        if PLANNED_BY & vals.keys():
            # sudo: crm.process.task - deadlines are moved by the engine alone
            self.env['crm.process.task'].sudo()._reschedule(Domain('step_id', 'in', self.ids))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._check_not_in_force()

    def _check_not_in_force(self):
        """Refuse to change what documents are measured by.

        :raise UserError: if a step belongs to a process in force
        """
        if frozen := self.filtered(lambda step: step.state in ('active', 'replaced')):
            raise UserError(self.env._(
                "%(step)s belongs to %(process)s, which is in force: documents are measured by "
                "it. Make a new version to change its steps.",
                step=frozen[0].name, process=frozen[0].process_id.display_name))

    def _condition(self):
        """Return when a document stands in the step.

        :rtype: Domain
        :raise ValidationError: if the condition cannot be read
        """
        self.ensure_one()
        return self.process_id._parse_domain(self.domain, self.name)

    def _copy_to(self, process):
        """Copy the steps with their warnings and dependencies to another version.

        :param process: the version that gets them
        :return: the copies, by what they are copies of
        :rtype: dict[crm.process.step, crm.process.step]
        """
        copies = {
            step: step.copy({'process_id': process.id, 'previous_id': step.id}) for step in self}
        for step, copy in copies.items():
            copy.depends_on_ids = [
                Command.set([copies[other].id for other in step.depends_on_ids])]
        return copies

    def _before(self):
        """Return all steps for which this one waits, directly or not."""
        found = self.depends_on_ids
        while further := found.depends_on_ids - found:
            found |= further
        return found

    def _planned_hours(self):
        """Return when the step is meant to begin and end: the longest way of norms to it.

        :return: working hours since the start of the run, by step
        :rtype: dict[crm.process.step, tuple[float, float]]
        """
        planned = {}

        def plan(step):
            if step not in planned:
                start = max((plan(other)[1] for other in step.depends_on_ids), default=0.0)
                planned[step] = (start, start + step.norm_hours)
            return planned[step]

        for step in self:
            plan(step)
        return planned

    def _responsible_of(self, records):
        """Return who answers for the step on each document.

        :param records: documents of the model of the process
        :return: a user or none, by the document's id
        :rtype: dict[int, res.users]
        """
        self.ensure_one()
        if self.responsible == 'field':
            return {record.id: record.mapped(self.responsible_path)[:1] for record in records}
        user = self.user_id if self.responsible == 'user' else self.env['res.users']
        return dict.fromkeys(records.ids, user)
