from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .working_time import NoWorkingHours


class CrmProcess(models.Model):
    """Refuse a definition that could not work, and say which of its steps is the reason."""

    _inherit = 'crm.process'

    @api.constrains(
        'model_name', 'domain', 'start_domain', 'end_domain', 'pause_domain', 'step_ids')
    def _check_conditions(self):
        for process in self:
            for name in ('domain', 'start_domain', 'end_domain', 'pause_domain'):
                process._check_condition(
                    process._domain_of(name),
                    process._fields[name]._description_string(process.env))
            process.step_ids._check_condition()

    @api.constrains('calendar_id')
    def _check_calendar(self):
        for process in self.filtered('calendar_id'):
            process._check_hours(process.calendar_id)

    def _check_definition(self):
        """Refuse to put a process in force that could not work.

        :raise ValidationError: naming the process or the step, and the way out
        """
        for process in self:
            process._check_conditions()
            if not process.step_ids:
                raise ValidationError(process.env._(
                    "%(process)s has no step. Add at least one.", process=process.display_name))
            if process._domain_of('end_domain').is_true():
                raise ValidationError(process.env._(
                    "%(process)s does not say when it ends. Fill in \"%(field)s\".",
                    process=process.display_name,
                    field=process._fields['end_domain']._description_string(process.env)))
            process._check_hours(
                process.calendar_id or (process.company_id or process.env.company)
                .resource_calendar_id)
            process.step_ids._check_definition()
            process._check_overlap()

    def _check_condition(self, domain, label):
        """Refuse a condition that asks for what documents do not have.

        :param Domain domain: the condition
        :param str label: what it is called in an error
        :raise ValidationError: naming the condition
        """
        Model = self.env[self.model_name]
        for condition in domain.iter_conditions():
            field = Model._fields.get(condition.field_expr.split('.')[0])
            if field is None:
                raise ValidationError(self.env._(
                    "%(process)s: the condition \"%(label)s\" asks for the field %(field)s, which "
                    "%(model)s do not have. Choose another field.",
                    process=self.name, label=label, field=condition.field_expr,
                    model=Model._description))
            if field.type == 'selection' and isinstance(condition.value, (str, list, tuple, set)):
                self._check_selection(field, condition, label)
        try:
            # sudo: timed models - only whether the condition can be asked is looked at
            Model.sudo().search(domain & Domain('id', '=', 0), limit=1)
        except Exception as error:
            raise ValidationError(self.env._(
                "%(process)s: the condition \"%(label)s\" cannot be used: %(error)s",
                process=self.name, label=label, error=error)) from error

    def _check_selection(self, field, condition, label):
        """Refuse a condition for a value that a field never has."""
        values = condition.value
        values = {values} if isinstance(values, str) else set(values)
        known = {value for value, _label in field._description_selection(self.env)} | {False}
        if condition.operator in ('=', '!=', 'in', 'not in') and (wrong := values - known):
            raise ValidationError(self.env._(
                "%(process)s: the condition \"%(label)s\" asks for %(value)s, which %(field)s is "
                "never. Choose one of: %(values)s.",
                process=self.name, label=label, value=sorted(map(str, wrong))[0],
                field=field._description_string(self.env),
                values=", ".join(sorted(filter(None, known)))))

    def _check_hours(self, calendar):
        """Refuse working hours that have none.

        :raise ValidationError: naming the process and the working hours
        """
        try:
            calendar._working_time().next_open(fields.Datetime.now())
        except NoWorkingHours as error:
            raise ValidationError(self.env._(
                "%(process)s: %(calendar)s has no working hours, so nothing would ever be due. "
                "Choose others, or give it hours.",
                process=self.name, calendar=calendar.display_name)) from error

    def _check_overlap(self):
        """Refuse steps in which a document stands at once though neither says so.

        :raise ValidationError: naming both steps and a document
        """
        self.ensure_one()
        # sudo: timed models - a definition is for documents of everybody; one of them is named
        Model = self.env[self.model_name].sudo().with_context(active_test=False)
        scope = self._scope() & ~self._domain_of('end_domain')
        steps = self.step_ids.filtered(lambda step: not step.parallel)
        for index, step in enumerate(steps):
            for other in steps[index + 1:]:
                if other in step._before() or step in other._before():
                    continue
                both = step._condition() & other._condition()
                same = step._condition().optimize(Model) == other._condition().optimize(Model)
                if same or (found := Model.search(scope & both, limit=1)):
                    raise ValidationError(self.env._(
                        "%(process)s: %(document)s stands in %(step)s and in %(other)s at once. "
                        "Narrow one of the conditions, let one wait for the other, or tick "
                        "\"%(field)s\".", process=self.name, step=step.name, other=other.name,
                        document=self.env._("every document") if same else found.display_name,
                        field=step._fields['parallel']._description_string(self.env)))
