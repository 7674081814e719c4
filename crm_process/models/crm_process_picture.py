from odoo import api, models
from odoo.fields import Domain

# A try on today's documents looks at no more than so many.
DRY_RUN_LIMIT = 10000


class CrmProcess(models.Model):
    """Picture a process: its steps one after the other, and the documents that stand in them."""

    _inherit = 'crm.process'

    @api.readonly
    def get_picture(self):
        """Return what the picture of the process shows.

        Of a process in force the steps under way are counted; of another one, what would be.

        :return: ``steps`` in their order, each with its planned begin and end in working hours
            since the start, tolerance, names of what it waits for, and how many documents stand
            in it, how many of them late; ``tried`` tells whether that is only a try, and
            ``limit`` of how many documents at most
        :rtype: dict
        """
        self.ensure_one()
        self.check_access('read')
        tried = self.state not in ('active', 'replaced')
        counts = self._dry_run() if tried else self._count_tasks()
        planned = self.step_ids._planned_hours()
        return {
            'tried': tried,
            'limit': DRY_RUN_LIMIT,
            'hours': max((end for _start, end in planned.values()), default=0.0),
            'steps': [{
                'id': step.id,
                'name': step.name,
                'start': planned[step][0],
                'end': planned[step][1],
                'tolerance': step.tolerance_hours,
                'waits_for': step.depends_on_ids.mapped('name'),
                'count': counts.get(step, (0, 0))[0],
                'late': counts.get(step, (0, 0))[1],
            } for step in self.step_ids],
        }

    def action_open_step(self, step_id):
        """Open the documents that stand in a step.

        :param int step_id: a step of the process
        :return: the action that opens them
        :rtype: dict
        """
        self.ensure_one()
        step = self.step_ids.browse(step_id)
        return {
            'type': 'ir.actions.act_window',
            'name': step.name,
            'res_model': self.model_name,
            'views': [(False, 'list'), (False, 'form')],
            'domain': list(
                self._scope() & step._condition() & ~self._domain_of('end_domain')),
        }

    def _count_tasks(self):
        """Return how many open tasks each step has, and how many of them are late.

        :rtype: dict[crm.process.step, tuple[int, int]]
        """
        tasks = self.env['crm.process.task']
        opened = Domain('process_id', 'in', self.ids) & tasks._open_domain()
        late = dict(tasks._read_group(opened & tasks._late_domain(), ['step_id'], ['__count']))
        return {
            step: (count, late.get(step, 0))
            for step, count in tasks._read_group(opened, ['step_id'], ['__count'])}

    def _dry_run(self):
        """Tell in which step today's documents would stand, and whether they would be late.

        Only documents the user may read are counted, the newest first.

        :return: by step how many, and how many of them late
        :rtype: dict[crm.process.step, tuple[int, int]]
        """
        self.ensure_one()
        starting = (
            self._scope() & self._domain_of('start_domain') & ~self._domain_of('end_domain'))
        documents = self.env[self.model_name].search(
            starting, order='id desc', limit=DRY_RUN_LIMIT)
        flags = self._flags(documents.ids, self.step_ids)
        since = self._since(documents.ids)
        clock = (self.calendar_id or self.env.company.resource_calendar_id)._working_time()
        now = self.env.cr.now().replace(microsecond=0)
        used = {}
        for start in set(since.values()):
            used[start] = clock.hours(start, now)
        counts = {}
        for step in self.step_ids:
            inside = [
                used[since[record_id]] for record_id, flag in flags.items() if flag[step.id]]
            allowed = step.norm_hours + step.tolerance_hours
            counts[step] = len(inside), sum(hours > allowed for hours in inside)
        return counts
