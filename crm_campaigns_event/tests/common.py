from odoo.addons.crm_campaigns.tests.step_common import StepCommon


class EventCommon(StepCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls._create_event("Open House")

    @classmethod
    def _create_event(cls, name, **values):
        return cls.env['event.event'].create({
            'name': name, 'date_begin': '2027-05-10 08:00:00', 'date_end': '2027-05-10 16:00:00',
            'event_mail_ids': [(5, 0, 0)], **values})
