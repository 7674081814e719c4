from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged, users

from .common import CallCommon

READERS = ('call_center_lead', 'service_supervisor', 'sales_manager')


@tagged('post_install', '-at_install')
class TestStatistics(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.caller = cls._create_user('order_manager', 'caller')
        for role in (*READERS, 'order_manager', 'service_representative', 'marketing_manager'):
            cls._create_user(role)
        cls.env['crm.call'].search([]).unlink()

    def test_hour_and_weekday_are_those_of_the_caller(self):
        self.caller.tz = 'Asia/Kolkata'
        call = self._create_call(user_id=self.caller.id, date_start='2026-03-01 20:00:00')
        self.assertRecordValues(call, [{'hour': '01', 'weekday': '1'}])
        self.caller.tz = 'America/New_York'
        call = self._create_call(user_id=self.caller.id, date_start='2026-03-01 20:00:00')
        self.assertRecordValues(call, [{'hour': '15', 'weekday': '7'}])

    def test_calls_are_counted_by_hour_and_weekday_in_their_order(self):
        self.caller.tz = 'UTC'
        for start in ('2026-03-03 14:00:00', '2026-03-02 09:00:00', '2026-03-02 14:30:00'):
            self._create_call(user_id=self.caller.id, date_start=start)
        Call = self.env['crm.call']
        self.assertEqual(Call._read_group([], ['hour'], ['__count']), [('09', 1), ('14', 2)])
        self.assertEqual(Call._read_group([], ['weekday'], ['__count']), [('1', 2), ('2', 1)])

    # call-backs that are still to come

    def _planned(self):
        week = [('planned_at', '>=', '2026-03-01'), ('planned_at', '<=', '2026-03-31')]
        return self.env['crm.call'].search(week)

    @freeze_time('2026-03-02 08:00:00')
    def test_only_the_last_call_back_of_a_customer_is_planned(self):
        first = self._create_call(
            date_start='2026-03-02 07:00:00', outcome_id=self.callback.id,
            callback_at='2026-03-05 09:00:00')
        self.assertEqual(self._planned(), first)
        self.assertEqual(first.planned_at, datetime(2026, 3, 5, 9))
        last = self._create_call(
            date_start='2026-03-02 07:30:00', outcome_id=self.callback.id,
            callback_at='2026-03-06 09:00:00')
        self.assertEqual(self._planned(), last)
        first.invalidate_recordset(['planned_at'])
        self.assertFalse(first.planned_at)

    @freeze_time('2026-03-02 08:00:00')
    def test_nothing_is_planned_with_who_does_not_want_it(self):
        self._create_call(
            date_start='2026-03-02 07:00:00', outcome_id=self.callback.id,
            callback_at='2026-03-05 09:00:00')
        self._create_call(date_start='2026-03-02 07:30:00', outcome_id=self.lost.id)
        self.assertFalse(self._planned())
        self.assertEqual(self.env['crm.call'].search_count([('planned_at', '=', False)]), 2)

    # the board

    def _board(self, login='call_center_lead'):
        user = self.env['res.users'].search([('login', '=', login)])
        return self.env['crm.call.board'].with_user(user).get_board()

    def _tiles(self, **options):
        return {tile['label']: tile['value'] for tile in self._board(**options)['tiles']}

    @freeze_time('2026-03-02 15:00:00')
    def test_board_counts_todays_calls(self):
        for hour, outcome, minutes in (
            (9, self.no_answer, 0.0), (9, self.promised, 50.0), (11, self.lost, 15.0),
        ):
            self._create_call(
                user_id=self.caller.id, date_start=datetime(2026, 3, 2, hour), duration=minutes,
                outcome_id=outcome.id)
        self._create_call(user_id=self.caller.id, date_start='2026-03-01 20:00:00')
        tiles = self._tiles()
        self.assertEqual(
            [tiles[label] for label in ("Calls", "Reached", "Reach Rate", "Talk Time")],
            [3, 2, "67 %", "1:05 h"])
        board = self._board()
        [person] = board['people']
        self.assertEqual(
            (person['name'], person['calls'], person['reached'], person['rate'], person['time']),
            (self.caller.name, 3, 2, "67 %", "1:05 h"))
        self.assertEqual(
            [(hour['label'], hour['calls'], hour['reached']) for hour in board['hours']],
            [("09:00", 2, 1), ("10:00", 0, 0), ("11:00", 1, 1)])
        self.assertEqual(
            [column['name'] for column in board['columns'] if column['name'] not in person], [])

    @freeze_time('2026-03-02 15:00:00')
    def test_day_is_that_of_who_looks(self):
        self.env['res.users'].search([('login', '=', 'call_center_lead')]).tz = 'Asia/Kolkata'
        self._create_call(date_start='2026-03-01 18:00:00')
        self._create_call(date_start='2026-03-01 19:00:00')
        lead = self.env['res.users'].search([('login', '=', 'call_center_lead')])
        board = self.env['crm.call.board'].with_user(lead).with_context(tz='Asia/Kolkata')
        self.assertEqual(board.get_board()['tiles'][0]['value'], 1)

    @freeze_time('2026-03-02 15:00:00')
    def test_board_of_a_day_without_calls(self):
        board = self._board()
        self.assertEqual((board['people'], board['hours']), ([], []))
        self.assertEqual(board['tiles'][2]['value'], "–")

    @users(*READERS)
    def test_who_leads_sees_the_board(self):
        self.assertTrue(self.env['crm.call.board'].get_board()['tiles'])

    @users('order_manager', 'service_representative', 'marketing_manager')
    def test_others_do_not_see_the_board(self):
        with self.assertRaisesRegex(AccessError, "leads, supervisors and sales managers"):
            self.env['crm.call.board'].get_board()

    def test_board_of_many_callers_costs_as_much_as_of_few(self):
        costs = []
        for number in (5, 50):
            people = [self._create_user('order_manager', f'p{number}{i}') for i in range(number)]
            self.env['crm.call'].create([
                {'partner_id': self.customer.id, 'user_id': user.id,
                 'date_start': fields.Datetime.now() - timedelta(seconds=1)}
                for user in people])
            costs.append(self._count_statements(self._board))
        self.assertLessEqual(costs[1], costs[0] + 1)
