from datetime import datetime

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.base.tests.common import BaseCommon


class ProcessCommon(BaseCommon):
    """A process on leads, in Brussels, from 9 to 12 and from 13 to 18 on weekdays.

    Monday 2 March 2026 is an ordinary Monday; the clocks go forward on Sunday 29 March.
    """

    MONDAY = datetime(2026, 3, 2, 8)  # 9:00 in Brussels

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Where days off are typed in the time zone of who enters them, it is that of the office.
        cls.env.user.tz = 'Europe/Brussels'
        cls.calendar = cls._create_calendar("Office")
        cls.env.company.resource_calendar_id = cls.calendar
        cls.customer = cls.env['res.partner'].create({'name': "Quinn", 'is_company': True})
        cls.worker = new_test_user(cls.env, 'worker', 'crm_roles.group_account_representative')
        cls.new, cls.quoted, cls.won = cls.env['crm.stage'].create([
            {'name': "New", 'sequence': 100}, {'name': "Quoted", 'sequence': 110},
            {'name': "Won", 'sequence': 120, 'is_won': True}])

    @classmethod
    def _create_calendar(cls, name, tz='Europe/Brussels', hours=((9, 12), (13, 18)), **values):
        return cls.env['resource.calendar'].create({
            'name': name, 'tz': tz, **values, 'attendance_ids': [Command.clear()] + [
                Command.create({
                    'name': "Work", 'dayofweek': str(day), 'hour_from': start, 'hour_to': end,
                    'day_period': 'morning' if start < 12 else 'afternoon'})
                for day in range(5) for start, end in hours]})

    @classmethod
    def _create_process(cls, activate=True, steps=None, **values):
        process = cls.env['crm.process'].create({
            'name': "Sale", 'model_name': 'crm.lead',
            'start_domain': "[('type', '=', 'opportunity')]",
            'end_domain': f"['|', ('active', '=', False), ('stage_id', '=', {cls.won.id})]",
            **values})
        for step in steps if steps is not None else [
            {'name': "Quote", 'domain': f"[('stage_id', '=', {cls.new.id})]"},
            {'name': "Win", 'domain': f"[('stage_id', '=', {cls.quoted.id})]", 'norm_hours': 40},
        ]:
            cls._create_step(process, **step)
        if activate:
            process.action_activate()
        return process

    @classmethod
    def _create_step(cls, process, **values):
        return cls.env['crm.process.step'].create({
            'process_id': process.id, 'norm_hours': 8, **values})

    @classmethod
    def _create_lead(cls, **values):
        return cls._create_leads(1, **values)

    @classmethod
    def _create_leads(cls, count, **values):
        leads = cls.env['crm.lead'].create([{
            'name': f"Lead {index}", 'type': 'opportunity', 'partner_id': cls.customer.id,
            'stage_id': cls.new.id, 'user_id': cls.worker.id, **values}
            for index in range(count)])
        cls.env.cr.flush()
        return leads

    def _at(self, *time):
        """Let a block happen at a moment in UTC, and what it changed be tracked."""
        return AtMoment(self.env, datetime(*time) if time else self.MONDAY)

    def _task(self, record, step=None):
        """Return the newest task of a document."""
        tasks = self.env['crm.process.task'].search([
            ('res_model', '=', record._name), ('res_id', '=', record.id)], order='id')
        if step:
            tasks = tasks.filtered(lambda task: task.step_id.name == step)
        return tasks[-1:]


class AtMoment:
    """Freeze the time, and track at its end what was changed in it."""

    def __init__(self, env, moment):
        self.env, self.frozen = env, freeze_time(moment)

    def __enter__(self):
        self.env.cr.flush()
        return self.frozen.__enter__()

    def __exit__(self, *args):
        if args[0] is None:
            self.env.cr.flush()
        return self.frozen.__exit__(*args)
