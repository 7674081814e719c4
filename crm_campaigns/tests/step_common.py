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
