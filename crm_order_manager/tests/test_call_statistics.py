from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestCallStatistics(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.call'].search([]).unlink()
        cls.order = cls._create_order(250.0)
        cls.own = cls.order.with_user(cls.manager)

    def _board(self):
        return self.env['crm.call.board'].with_user(self.lead).get_board()

    def _planned(self):
        return self.env['crm.call'].search([('planned_at', '!=', False)])

    # the board

    def test_money_is_that_of_who_called_last(self):
        self.own.log_call(self.promised)
        self.order.with_user(self.colleague).log_call(self.promised)
        self._pay(self._create_bill(self.order), 100.0)
        board = self._board()
        self.assertIn("100.00", board['tiles'][-1]['value'])
        self.assertEqual(
            {person['name']: person['received'] for person in board['people']},
            {self.manager.name: 0.0, self.colleague.name: 100.0})
        self.assertEqual(board['columns'][-1]['name'], 'money')

    def test_money_of_orders_called_on_other_days_is_not_of_today(self):
        self.own.log_call(self.promised)
        self.order.last_call_id.date_start = fields.Datetime.now() - timedelta(days=3)
        self._pay(self._create_bill(self.order))
        self.assertEqual(self._board()['people'], [])

    def test_money_of_orders_one_does_not_see_is_not_told(self):
        seen = self._create_order(40.0)
        for order in (self.own, seen.with_user(self.manager)):
            order.log_call(self.promised)
            self._pay(self._create_bill(order.sudo()))
        self._hide(self.order)
        self.assertEqual([person['received'] for person in self._board()['people']], [40.0])

    def test_board_of_many_orders_costs_as_much_as_of_few(self):
        costs = []
        for number in (5, 50):
            for _order in range(number):
                self._create_order().with_user(self.manager).log_call(self.promised)
            self.env.flush_all()
            self._board()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._board()
            costs.append(self.cr.sql_log_count - start)
        self.assertLessEqual(costs[1], costs[0] + 1)

    # campaigns

    def test_calls_and_money_are_counted_by_the_campaign_of_the_order(self):
        spring, autumn = self.env['utm.campaign'].create(
            [{'title': "Spring"}, {'title': "Autumn"}])
        self.order.campaign_id = spring
        call = self.own.log_call(self.promised)
        self._create_order().with_user(self.manager).log_call(self.no_answer)
        self._pay(self._create_bill(self.order), 100.0)
        [section] = self._board()['sections']
        [row] = section['rows']
        self.assertEqual(
            (row['name'], row['calls'], row['reached'], row['received']), ("Spring", 1, 1, 100.0))
        self.assertLessEqual({column['name'] for column in section['columns']}, set(row))
        self.order.campaign_id = autumn
        self.assertEqual(
            dict(self.env['crm.call'].with_user(self.lead)._read_group(
                [], ['campaign_id'], ['__count'])),
            {autumn: 1, self.env['utm.campaign']: 1})
        self.assertEqual(call.order_id, self.order)

    def test_no_campaign_no_table(self):
        self.own.log_call(self.promised)
        self.assertEqual(self._board()['sections'], [])

    # call-backs that are still to come

    def test_call_back_is_planned_until_the_next_call(self):
        call = self.own.log_call(self.callback, callback_at=self._tomorrow())
        self.assertEqual(self._planned(), call)
        self.assertEqual(call.planned_at, call.callback_at)
        call.date_start -= timedelta(minutes=5)
        self.own.log_call(self.lost)
        self.assertFalse(self._planned())

    def test_no_call_is_planned_about_what_is_paid(self):
        self.own.log_call(self.callback, callback_at=self._tomorrow())
        self._pay(self._create_bill(self.order))
        self.assertFalse(self._planned())

    # the dialler

    def test_who_calls_is_shown_with_his_unpaid_order(self):
        self._create_order(100.0)
        call = self.env['crm.call'].create({
            'partner_id': self.customer.id, 'user_id': self.manager.id, 'direction': 'incoming'})
        card = call.with_user(self.manager)._prepare_calling()
        self.assertIn(f"{self.order.name}: ", card['lines'][-1])
        self.assertIn("250.00", card['lines'][-1])
        buttons = card['buttons']
        self.assertEqual(buttons[0]['name'], self.order.name)
        self.assertEqual(buttons[0]['action']['res_id'], self.order.id)
        self.assertEqual(buttons[1]['action']['res_model'], 'res.partner')

    def test_who_owes_nothing_is_shown_alone(self):
        self._pay(self._create_bill(self.order))
        call = self.env['crm.call'].create({
            'partner_id': self.customer.id, 'user_id': self.manager.id, 'direction': 'incoming'})
        [button] = call.with_user(self.manager)._prepare_calling()['buttons']
        self.assertEqual(button['action']['res_model'], 'res.partner')

    def test_call_the_dialler_told_about_becomes_that_about_the_order(self):
        told = self.env['crm.call'].create({
            'partner_id': self.customer.id, 'user_id': self.manager.id, 'dialler_ref': 'c1',
            'hangup': 'completed', 'duration': 2.0})
        call = self.own.log_call(self.promised, duration=9.0)
        self.assertEqual(call, told)
        self.assertRecordValues(self.order, [{'call_count': 1, 'last_call_id': told.id}])
        self.assertEqual((call.duration, call.document_ref), (2.0, self.order))

    def test_desk_dials(self):
        self.env.company.dial_template = 'https://dialler.example/call?to={phone}&user={user}'
        self.manager.dialler_extension = '204'
        self.assertEqual(
            self.own.get_call_desk_order()['dial_url'],
            'https://dialler.example/call?to=%2B353215550100&user=204')
        self.env['phone.blacklist'].sudo()._add(["+353215550100"])
        self.env.invalidate_all()
        self.assertEqual(self.own.get_call_desk_order()['dial_url'], '')
