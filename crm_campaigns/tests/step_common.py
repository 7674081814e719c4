from odoo.fields import Command
from odoo.tests import freeze_time

from .common import CampaignCommon


class StepCommon(CampaignCommon):
    """A campaign over Acorn, Birch and Cedar. Work is from nine to five in UTC, Monday to Friday;
    2 March 2026 is a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False
        cls.env.company.write({
            'touch_cap': 0,
            'resource_calendar_id': cls.env['resource.calendar'].create({
                'name': "Nine to Five", 'tz': 'UTC', 'hours_per_day': 8,
                'attendance_ids': [Command.create({
                    'name': "Work", 'dayofweek': str(day), 'hour_from': 9, 'hour_to': 17})
                    for day in range(5)]}).id,
            'call_calendar_id': False})
        cls.audience = cls.audiences.create({'name': "All of them", 'criterion_ids': [
            Command.create({
                'source': 'customer',
                'partner_domain': str([('id', 'in', cls.customers.ids)])})]})
        cls.campaign = cls.env['utm.campaign'].with_user(cls.roles['marketing_manager']).create(
            {'title': "Spring", 'audience_id': cls.audience.id}).with_user(cls.env.user)

    def _step(self, channel, **values):
        return self.env['crm.campaign.step'].create({
            'name': "Step", 'campaign_id': self.campaign.id, 'channel': channel, **values})

    def _offer(self, **values):
        return self.env['crm.campaign.offer'].create({
            'name': "Two for one", 'code': 'SPRING', 'body': "<p>Take two benches.</p>", **values})

    def _start(self, moment='2026-03-02 10:00:00'):
        with freeze_time(moment):
            self.campaign.action_start()
            self.env.flush_all()

    def _run(self, moment='2026-03-02 12:00:00'):
        """Let the scheduled action run at a moment."""
        self._trigger('crm_campaigns.ir_cron_run_steps', moment)

    def _trigger(self, action, moment):
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(action).method_direct_trigger()
        self.env.invalidate_all()

    def _member(self, customer):
        return self.campaign.member_ids.filtered(lambda member: member.partner_id == customer)

    def _skipped(self, step):
        """Return whom a step has left out and why."""
        return {
            touch.partner_id: touch.skip_reason
            for touch in step.touch_ids if touch.state == 'skipped'}

    def _assert_reaching_is_flat(self, step, few=5, many=50):
        """Check that a step like this one reaches many members in as many queries as a few."""
        few, many = (
            min(self._queries_to_reach(step, count) for _attempt in range(3))
            for count in (few, many))
        self.assertLessEqual(many, few + 2)

    def _queries_to_reach(self, step, count):
        mark = f'Many {step.id}'
        self.env['res.partner'].search([('ref', '=', mark)]).ref = False
        self.env['res.partner'].create([
            {'name': f"Many {place}", 'ref': mark, 'email': f'many{place}@example.com',
             'phone': '+353 1 234 5678'} for place in range(count)])
        self.audience.criterion_ids.partner_domain = str([('ref', '=', mark)])
        campaign = self.campaign.copy({'title': mark, 'step_ids': False})
        step = step.copy({'campaign_id': campaign.id})
        campaign.action_start()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        _last, members = step._reach(0)
        step._begin(members)
        self.env.flush_all()
        self.assertEqual(len(members), count)
        return self.env.cr.sql_log_count - before
