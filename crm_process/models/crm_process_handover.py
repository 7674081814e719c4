from odoo import models
from odoo.fields import Domain


class CrmProcess(models.Model):
    """Keep the warnings in step with who answers for a document."""

    _inherit = 'crm.process'

    def action_activate(self):
        result = super().action_activate()
        # sudo: crm.process.task - deadlines are moved by the engine alone
        self.env['crm.process.task'].sudo()._reschedule(Domain('process_id', 'in', self.ids))
        return result

    def _assign_responsible(self, tasks):
        before = {task: task.user_id for task in tasks}
        result = super()._assign_responsible(tasks)
        tasks.filtered(lambda task: task.user_id != before[task])._hand_over()
        return result
