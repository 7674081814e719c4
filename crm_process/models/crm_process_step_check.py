from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CrmProcessStep(models.Model):
    """Refuse a step that could not work."""

    _inherit = 'crm.process.step'

    @api.constrains('domain')
    def _check_condition(self):
        for step in self:
            step.process_id._check_condition(step._condition(), step.name)

    @api.constrains('norm_hours')
    def _check_norm(self):
        for step in self.filtered(lambda step: step.norm_hours <= 0):
            raise ValidationError(step.env._(
                "%(step)s: the norm is more than 0 working hours.", step=step.name))

    @api.constrains('depends_on_ids')
    def _check_circle(self):
        for step in self:
            if step._has_cycle('depends_on_ids'):
                raise ValidationError(step.env._(
                    "%(step)s would wait for itself, by way of %(others)s. Take one of them out "
                    "of what it waits for.", step=step.name,
                    others=", ".join(step._before().mapped('name'))))
            if step.depends_on_ids.process_id - step.process_id:
                raise ValidationError(step.env._(
                    "%(step)s can wait for steps of its own process only.", step=step.name))

    @api.constrains('responsible', 'responsible_path', 'user_id', 'group_id')
    def _check_responsible(self):
        for step in self:
            filled = {
                'field': step.responsible_path, 'user': step.user_id, 'role': step.group_id}
            if not filled[step.responsible]:
                raise ValidationError(step.env._(
                    "%(step)s: say who answers for it.", step=step.name))
            if step.responsible == 'field' and not step._names_person():
                raise ValidationError(step.env._(
                    "%(step)s: %(path)s names no user. Choose a field that holds one.",
                    step=step.name, path=step.responsible_path))

    def _names_person(self):
        """Return whether the path to who answers for the step ends at a user."""
        self.ensure_one()
        Model = self.env[self.model_name]
        for name in self.responsible_path.split('.'):
            field = Model._fields.get(name)
            if field is None or not field.comodel_name:
                return False
            Model = self.env[field.comodel_name]
        return Model._name == 'res.users'

    def _check_definition(self):
        """Refuse steps that no document can reach.

        :raise ValidationError: naming the step
        """
        for step in self:
            process = step.process_id
            Model = step.env[process.model_name]
            if step._condition().is_true():
                raise ValidationError(step.env._(
                    "%(step)s: every document would stand in it. Say when one does.",
                    step=step.name))
            reach = process._scope() & step._condition() & ~process._domain_of('end_domain')
            # sudo: timed models - no record is read, the condition alone is looked at
            if reach.optimize_full(Model.sudo()).is_false():
                raise ValidationError(step.env._(
                    "%(step)s: no document can ever stand in it, its condition contradicts what "
                    "%(process)s applies to or when it ends. Correct one of them.",
                    step=step.name, process=process.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waited_for(self):
        waiting = self.search([('depends_on_ids', 'in', self.ids), ('id', 'not in', self.ids)])
        if waiting:
            raise UserError(self.env._(
                "%(step)s waits for a step that is to be deleted. Change that first.",
                step=waiting[0].name))
