from odoo import api, fields, models


class CrmProcessPostpone(models.TransientModel):
    """Ask how much more time a step gets, and why."""

    _name = 'crm.process.postpone'
    _description = "Postpone a Deadline"

    task_ids = fields.Many2many('crm.process.task', string="Steps", required=True, readonly=True)
    hours = fields.Float("Working Hours", default=8.0, required=True)
    reason = fields.Char(required=True)
    date_deadline = fields.Datetime(
        "New Deadline", compute='_compute_date_deadline',
        help="Of several steps the earliest.")

    @api.depends('task_ids', 'hours')
    def _compute_date_deadline(self):
        for wizard in self:
            # sudo: crm.process.task - the hours of a calendar are no secret
            tasks_sudo = wizard.task_ids._origin.sudo()
            deadlines = [
                task._clock().plan(task.date_deadline, wizard.hours)
                for task in tasks_sudo if task.date_deadline]
            wizard.date_deadline = min(deadlines, default=False)

    def action_postpone(self):
        """Grant the hours.

        :raise AccessError: if the user does not decide about deadlines
        """
        self.task_ids._postpone(self.hours, self.reason)
        return {'type': 'ir.actions.act_window_close'}
