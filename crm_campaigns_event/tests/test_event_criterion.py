from odoo.fields import Command
from odoo.tests import tagged

from .common import EventCommon


@tagged('post_install', '-at_install')
class TestEventCriterion(EventCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env['event.tag.category'].create({'name': "Kind"})
        cls.tag = cls.env['event.tag'].create({'name': "Workshop", 'category_id': category.id})
        cls.past = cls._create_event(
            "Workshop", tag_ids=cls.tag.ids, date_begin='2026-01-10', date_end='2026-01-11')
        contact = cls.env['res.partner'].create({'name': "Ann", 'parent_id': cls.acorn.id})
        cls.env['event.registration'].create([
            {'event_id': event.id, 'partner_id': partner.id, 'state': state}
            for event, partner, state in [
                (cls.past, contact, 'done'), (cls.past, cls.birch, 'open'),
                (cls.event, cls.birch, 'open'), (cls.event, cls.cedar, 'cancel')]])

    def test_who_came(self):
        future, past, tag = (
            [Command.set(records.ids)] for records in (self.event, self.past, self.tag))
        for said, values, found in [
                ('attended', {}, self.acorn),
                ('registered', {}, self.acorn | self.birch),
                ('registered', {'event_ids': future}, self.birch),
                ('registered', {'event_tag_ids': tag}, self.acorn | self.birch),
                ('missed', {}, self.birch),
                ('missed', {'event_ids': future}, self.customers.browse()),
                ('cancelled', {'event_ids': future}, self.cedar),
                ('attended', {'event_ids': past, 'negate': True}, self.birch | self.cedar)]:
            with self.subTest(said=said, values=values):
                self.assertEqual(
                    self._found({'source': 'event', 'event_said': said, **values}), found)

    def test_sentence(self):
        audience = self._audience(
            {'source': 'event', 'event_tag_ids': [Command.set(self.tag.ids)]},
            {'source': 'event', 'event_said': 'missed'})
        self.assertEqual(audience.criterion_ids.mapped('sentence'), [
            "Was a guest at Workshop", "Registered, but was no guest at any event"])

    def test_sales_managers_may_use_the_audience(self):
        audience = self._audience({'source': 'event'})
        self.assertEqual(
            audience.with_user(self.roles['sales_manager'])._customers() & self.customers,
            self.acorn)

    def test_who_may_not_see_guests_is_told_so(self):
        audience = self._audience({'source': 'event'})
        self.assertFalse(audience.criterion_ids.problem)
        self.assertEqual(audience._contains(self.acorn), audience)
        self._take_right('event.registration', 'read')
        self.assertEqual(
            audience.criterion_ids.problem, "who came to events is for who plans campaigns.")
        self.assertFalse(audience._contains(self.acorn))
