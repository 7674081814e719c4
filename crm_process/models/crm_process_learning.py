from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmProcess(models.Model):
    """Learn from what is past."""

    _inherit = 'crm.process'

    history_months = fields.Integer(
        "Learn from the Last (Months)", default=12, required=True,
        help="What was done longer ago teaches nothing any more.")
    date_learnt = fields.Datetime("Learnt", readonly=True, copy=False)
    change_ids = fields.One2many(
        'crm.process.change', 'process_id', "What Changed", copy=False, readonly=True)

    _history_months = models.Constraint(
        'CHECK (history_months > 0)', "A process is learnt from the last month at least.")

    def action_learn(self):
        """Learn now what is otherwise learnt at night."""
        self.check_access('write')
        self._learn()

    def action_open_report(self):
        """Open the analysis of all versions of the process.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_process.crm_process_report_action')
        return {**action, 'domain': [('process_id', 'in', (self.origin_id or self).ids)]}

    def _learn(self):
        """Learn how long steps take, and what the changes of version brought."""
        for process in self:
            # sudo: crm.process.statistic - what is learnt is written by nobody but the engine
            process_sudo = process.sudo()
            process_sudo.env['crm.process.statistic']._learn(process_sudo)
            process_sudo.env['crm.process.change']._learn(process_sudo)
            process_sudo.date_learnt = fields.Datetime.now()

    def _versions(self):
        """Return all versions of a process, archived ones as well.

        :rtype: crm.process
        """
        self.ensure_one()
        origin = (self.origin_id or self).with_context(active_test=False)
        return (origin | origin.version_ids).sorted('version')

    def _past(self):
        """Return which tasks teach how long a step takes.

        Those that were done, within the months that count. Where others came first until the
        end, the clock never ran, and nothing is learnt.

        :return: a condition on ``crm_process_task task``
        :rtype: SQL
        """
        since = fields.Datetime.now() - relativedelta(months=self.history_months)
        return SQL(
            "task.state = 'done' AND task.date_start < task.date_end AND task.date_end >= %s",
            since)

    @api.model
    def _cron_learn(self):
        """Learn one process after the other, the one that was learnt longest ago first."""
        domain = Domain('state', 'in', ('active', 'suspended')) & (
            Domain('date_learnt', '=', False) | Domain('date_learnt', '<', 'now -12H'))
        processes = self.search(domain, order='date_learnt NULLS FIRST, id')
        self.env['ir.cron']._commit_progress(remaining=len(processes))
        for process in processes:
            process._learn()
            if not self.env['ir.cron']._commit_progress(1):
                break
