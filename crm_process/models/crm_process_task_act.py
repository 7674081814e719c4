from markupsafe import escape

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, format_duration

# Who decides about deadlines.
LEADS = (
    'crm_roles.group_service_supervisor,crm_roles.group_call_center_lead,'
    'crm_roles.group_sales_manager')


class CrmProcessTask(models.Model):
    """What can be done about a step: give it to somebody else, or more time."""

    _inherit = 'crm.process.task'

    def action_reassign(self):
        """Open the choice of another person.

        :rtype: dict
        """
        return self._open_wizard('crm.process.reassign', self.env._("Reassign"))

    def action_postpone(self):
        """Open the question how long, and why.

        :rtype: dict
        """
        return self._open_wizard('crm.process.postpone', self.env._("Postpone"))

    def _open_wizard(self, model_name, title):
        return {
            'type': 'ir.actions.act_window',
            'name': title,
            'res_model': model_name,
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_task_ids': self.ids},
        }

    def _postpone(self, hours, reason):
        """Grant more working hours, and note it on the documents.

        :param float hours: working hours, more than 0
        :param str reason: why
        :raise AccessError: if the user does not decide about deadlines
        :raise UserError: if a step is over already, or `hours` is not more than 0
        """
        if not self.env.user.has_groups(LEADS):
            raise AccessError(self.env._(
                "Only leads, supervisors and sales managers postpone deadlines. Ask one of them."))
        self.check_access('read')
        if hours <= 0:
            raise UserError(self.env._("A deadline is postponed by more than 0 working hours."))
        if over := self.filtered('date_end'):
            raise UserError(self.env._(
                "%(step)s is over; its deadline cannot be moved any more.",
                step=over[0].display_name))
        # sudo: crm.process.task - the right to postpone was checked above; the engine writes
        tasks_sudo = self.sudo()
        tasks_sudo.env['crm.process.extension'].create([{
            'task_id': task.id, 'kind': 'postponement', 'date_start': fields.Datetime.now(),
            'hours': hours, 'reason': reason, 'user_id': self.env.uid} for task in tasks_sudo])
        tasks_sudo._count_extensions()
        tasks_sudo._schedule()
        tasks_sudo._log_postponement(hours, reason, self.env.user.partner_id)

    def _log_postponement(self, hours, reason, author):
        """Note on the documents that have a chatter that a deadline was moved."""
        for model_name, tasks in self.grouped('res_model').items():
            if 'message_ids' not in self.env[model_name]._fields:
                continue
            by_document = tasks.grouped('res_id')
            documents = self.env[model_name].browse(by_document).exists()
            documents._message_log_batch(
                {document.id: by_document[document.id]._postponement_text(hours, reason)
                 for document in documents}, author_id=author.id)

    def _postponement_text(self, hours, reason):
        return escape(" ").join(
            self.env._(
                "%(step)s was postponed by %(hours)s working hours to %(deadline)s: %(reason)s",
                step=task.step_id.name, hours=format_duration(hours), reason=reason,
                deadline=format_datetime(self.env, task.date_deadline, tz=task.calendar_id.tz))
            for task in self)

    def _reassign(self, user):
        """Let somebody else answer for the documents, as far as the current user may decide that.

        :param user: who is to answer for them
        :raise UserError: if the step is not answered for by whom a document names, or the person
            does not hold the role
        :raise AccessError: if the current user may not change the documents
        """
        for (model_name, name), tasks in self.grouped(
                lambda task: (task.res_model, task._responsible_field(user))).items():
            documents = self.env[model_name].browse(tasks.mapped('res_id'))
            field = documents._fields[name]
            if not documents.has_access('write') or not documents._has_field_access(field, 'write'):
                raise AccessError(self.env._(
                    "You may not change \"%(field)s\" of %(document)s. Ask somebody who may.",
                    field=field._description_string(self.env), document=tasks[0].res_name))
            documents.write({name: user.id})

    def _responsible_field(self, user):
        """Return the field of the document that says who answers for the step.

        :rtype: str
        :raise UserError: as in :meth:`_reassign`
        """
        step, role = self.step_id, self._role()
        if role and role not in user.all_group_ids:
            raise UserError(self.env._(
                "%(user)s does not hold the role %(role)s, which %(process)s is the work of.",
                user=user.name, role=role.name, process=self.process_id.name))
        if step.responsible == 'user':
            raise UserError(self.env._(
                "%(user)s answers for the step %(step)s of all documents. Choose another person "
                "in the process.", user=step.user_id.name, step=step.name))
        name = step.responsible_path if step.responsible == 'field' else 'user_id'
        field = self.env[self.res_model]._fields.get(name)
        if field is None or field.readonly or field.comodel_name != 'res.users':
            raise UserError(self.env._(
                "Who answers for %(document)s follows from other records (%(path)s). Change it "
                "there.", document=self.res_name, path=step.responsible_path))
        return name

    def _role(self):
        """Return the role one has to hold to answer for the step, if any.

        That of the process does not bind a step that somebody without it answers for already.
        """
        if self.step_id.responsible == 'role':
            return self.step_id.group_id
        role = self.process_id.group_id
        return role if not self.user_id or role in self.user_id.all_group_ids else role.browse()
