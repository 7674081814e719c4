from odoo.tests import tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestOrderCallbackCalendar(OrderManagerCommon):

    def _promise(self, order, **values):
        order.with_user(self.manager).log_call(self.callback, self._tomorrow(), **values)
        self.env.cr.flush()

    def _events(self):
        return self.env['calendar.event'].sudo().search([('res_model', '=', 'crm.call')])

    def test_call_back_about_an_order_names_it_and_leads_to_the_call(self):
        order = self._create_order()
        self._promise(order)
        event = self._events()
        self.assertIn(order.name, event.name)
        self.assertEqual(event.user_id, self.manager)
        self.assertEqual(event.res_id, order.last_call_id.id)

    def test_meeting_that_is_moved_moves_the_order_in_the_queue(self):
        order = self._create_order()
        self._promise(order)
        event = self._events()
        start = event.start.replace(hour=23, minute=30)
        event.with_user(self.manager).write({'start': start, 'stop': event.stop.replace(
            hour=23, minute=45)})
        self.env.cr.flush()
        self.assertEqual(order.next_call_at, start)

    def test_next_call_takes_the_meeting_away_or_moves_it(self):
        order = self._create_order()
        self._promise(order)
        first = self._events()
        self._promise(order)
        self.assertEqual(len(self._events()), 1)
        self.assertFalse(first.exists())
        order.with_user(self.colleague).log_call(self.promised)
        self.env.cr.flush()
        self.assertFalse(self._events())

    def test_paid_or_cancelled_order_takes_its_meeting_away(self):
        paid, cancelled = self._create_order(), self._create_order()
        for order in (paid, cancelled):
            self._promise(order)
        self.assertEqual(len(self._events()), 2)
        self._pay(self._create_bill(paid))
        self.env.cr.flush()
        self.assertEqual(self._events().res_id, cancelled.last_call_id.id)
        cancelled._action_cancel()
        self.env.cr.flush()
        self.assertFalse(self._events())

    def test_call_back_for_anybody_stands_in_no_calendar(self):
        self._promise(self._create_order(), callback_personal=False)
        self.assertFalse(self._events())
