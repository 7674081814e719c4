from math import ceil

from odoo import api, fields, models

DAY = 8.0


class CrmProcessPostpone(models.TransientModel):
    """Ask how much more time a step gets, and why."""

    _name = 'crm.process.postpone'
    _description = "Postpone a Deadline"

    task_ids = fields.Many2many('crm.process.task', string="Steps", required=True, readonly=True)
    hours = fields.Float(
        "Working Hours", compute='_compute_hours', store=True, readonly=False)
    reason = fields.Char(required=True)
    date_deadline = fields.Datetime(
        "New Deadline", compute='_compute_date_deadline',
        help="Of several steps the earliest.")

    @api.depends('task_ids')
    def _compute_hours(self):
        """Propose a day of work from now on: what is over already comes on top."""
        for wizard in self:
            over = -min([0.0, *wizard.task_ids._origin.mapped('remaining_hours')])
            wizard.hours = DAY + ceil(over)

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
