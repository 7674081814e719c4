from datetime import datetime
from random import Random

from odoo.fields import Command

from .common import ProcessCommon


class HistoryCommon(ProcessCommon):
    """Documents that went through a process long ago, made up from literal dates and a seed."""

    START = datetime(2025, 9, 1, 7)  # 9:00 in Brussels
    TODAY = datetime(2026, 3, 2, 8)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(7)
        cls.past_lead = cls.env['crm.lead'].create({'name': "Long Ago", 'type': 'lead'})

    @classmethod
    def _create_history(cls, process, cases, start=None, every=4, **values):
        """Let documents go through a process.

        :param cases: of each document by the name of a step: the working hours it took, or a
            tuple of them, the working hours since the start of the run at which the document
            reached it and at which its clock began, and the working hours in which it stood;
            without a tuple each step begins where the one before ended
        :param start: when the first began; empty: six months ago
        :param every: working hours from one document to the next
        :param values: of the tasks and runs, as far as they have such fields
        :rtype: crm.process.task
        """
        clock = cls.calendar._working_time()
        steps = {step.name: step for step in process.step_ids}
        run_values, task_values = [], []
        for index, case in enumerate(cases):
            begin = clock.plan(start or cls.START, index * every)
            tasks, now = [], 0.0
            for name, hours in case.items():
                took, ready, started, stood = (
                    hours if isinstance(hours, tuple) else (hours, now, now, 0.0))
                now = started + took + stood
                tasks.append(cls._task_values(
                    steps[name], clock, begin, (took, ready, started, stood), values))
            end = max(task['date_end'] for task in tasks)
            run_values.append({
                'process_id': process.id, 'res_model': 'crm.lead', 'res_id': cls.past_lead.id,
                'company_id': cls.env.company.id, 'state': 'done', 'date_start': begin,
                'date_end': end, 'duration_hours': clock.hours(begin, end),
                'calendar_id': cls.calendar.id, 'partner_id': cls.customer.id,
                'customer_class': values.get('customer_class', 'company')})
            task_values.append(tasks)
        runs = cls.env['crm.process.run'].create(run_values)
        tasks = cls.env['crm.process.task'].create([
            {**task, 'run_id': run.id} for run, tasks in zip(runs, task_values, strict=True)
            for task in tasks])
        cls.env.flush_all()
        return tasks

    @classmethod
    def _task_values(cls, step, clock, begin, times, values):
        took, ready, started, stood = times
        date_start = clock.plan(begin, started)
        pause = [Command.create({
            'kind': 'pause', 'date_start': date_start, 'date_end': clock.plan(date_start, stood),
            'hours': stood})] if stood else []
        return {
            'step_id': step.id, 'state': 'done', 'res_model': 'crm.lead',
            'res_id': cls.past_lead.id, 'company_id': cls.env.company.id,
            'user_id': values.get('user_id', cls.worker.id),
            'date_ready': clock.plan(begin, ready), 'date_start': date_start,
            'date_end': clock.plan(begin, started + took + stood), 'waiting_hours': stood,
            'norm_hours': step.norm_hours, 'tolerance_hours': step.tolerance_hours,
            'extension_ids': pause}

    def _spread(self, median, count, sigma=0.3):
        """Return working hours as they are in life: most near the median, some much longer."""
        return [round(median * self.random.lognormvariate(0, sigma), 4) for _case in range(count)]
