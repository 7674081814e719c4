from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import RequestCommon

MONDAY, SUNDAY = '2026-03-02 10:00:00', '2026-03-01 10:00:00'


class RoutingCommon(RequestCommon):
    """A team of three representatives, who work from nine to five from Monday to Friday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False
        cls.env.company.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Nine to Five", 'tz': 'UTC', 'attendance_ids': [Command.create({
                'name': "Work", 'dayofweek': str(day), 'hour_from': 9, 'hour_to': 17})
                for day in range(5)]})
        cls.people = cls.env['res.users'].union(*(
            new_test_user(cls.env, f'person{number}', 'crm_roles.group_service_representative')
            for number in range(3)))
        cls.team = cls.env['crm.team'].create({
            'name': "Service", 'member_ids': [Command.set(cls.people.ids)]})
        cls.team.member_ids = cls.people

    @classmethod
    def _create_rule(cls, **values):
        return cls.env['crm.request.routing'].create({
            'name': "Rule", 'target': 'team', 'team_id': cls.team.id, **values})

    def _receive(self, number=1, **values):
        """Return as many requests that come in together on a Monday morning."""
        with freeze_time(MONDAY):
            return self.env['crm.request'].create([{
                'name': f"Question {place}", 'type_id': self.types['information'].id,
                'partner_id': self.acorn.id, **values} for place in range(number)])


    def _give_out_later(self):
        with freeze_time(MONDAY), self.enter_registry_test_mode():
            self.env.ref('crm_service_requests.ir_cron_route').method_direct_trigger()


@tagged('post_install', '-at_install')
class TestRouting(RoutingCommon):

    def test_first_rule_that_finds_somebody_decides(self):
        self._create_rule(sequence=1, target='manager', managed='yes', type_ids=[
            Command.link(self.types['debt'].id)])
        first = self._create_rule(sequence=2, target='user', user_id=self.people[1].id)
        self._create_rule(sequence=3, target='user', user_id=self.people[2].id)
        request = self._receive()
        self.assertRecordValues(request, [{
            'user_id': self.people[1].id, 'routed_user_id': self.people[1].id,
            'routing_id': first.id, 'team_id': self.team.id}])
        debt = self._receive(type_id=self.types['debt'].id)
        self.assertEqual(debt.user_id, self.roles['account_representative'])

    def test_who_is_chosen_by_hand_stays(self):
        self._create_rule()
        request = self._receive(user_id=self.roles['service_supervisor'].id)
        self.assertEqual(request.user_id, self.roles['service_supervisor'])
        self.assertFalse(request.routing_id)

    def test_each_condition_narrows(self):
        tag = self.env['res.partner.category'].create({'name': "Dealer"})
        below = self.env['res.partner.category'].create({'name': "Big", 'parent_id': tag.id})
        france = self.env.ref('base.fr')
        self.acorn.write({'category_id': [Command.link(below.id)], 'country_id': france.id})
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        alone = self.env['res.partner'].create({'name': "Joe"})
        for values, fits, misses in (
                ({'kind': 'debt'}, {'type_id': self.types['debt'].id}, {}),
                ({'channel': 'mail'}, {'channel': 'mail'}, {'channel': 'phone'}),
                ({'category_ids': [Command.link(tag.id)]}, {'partner_id': contact.id},
                 {'partner_id': self.birch.id}),
                ({'customer_kind': 'company'}, {'partner_id': contact.id},
                 {'partner_id': alone.id}),
                ({'customer_kind': 'person'}, {'partner_id': alone.id}, {}),
                ({'customer_kind': 'unknown'}, {'partner_id': False}, {}),
                ({'country_ids': [Command.link(france.id)]}, {'partner_id': contact.id},
                 {'partner_id': self.birch.id}),
                ({'managed': 'yes'}, {}, {'partner_id': alone.id}),
                ({'managed': 'no'}, {'partner_id': alone.id}, {}),
                ({'lang': 'en_US'}, {}, {'partner_id': False}),
                ({'origin_model': 'sale.order'},
                 {'origin_ref': f'sale.order,{self.order_acorn.id}'},
                 {'origin_ref': f'account.move,{self.bill_acorn.id}'}),
                ({'domain': "[('priority', '=', '3')]"}, {'priority': '3'}, {}),
        ):
            with self.subTest(values=values):
                rule = self._create_rule(**values)
                self.assertEqual(self._receive(**fits).routing_id, rule)
                self.assertFalse(self._receive(**misses).routing_id)
                rule.unlink()

    def test_least_loaded_gets_the_next_and_a_batch_is_spread_evenly(self):
        self._create_rule()
        for person, number in zip(self.people, (4, 2, 0), strict=True):
            self._receive(number, user_id=person.id)
        requests = self._receive(6)
        self.assertEqual([
            len(requests.filtered(lambda request, person=person: request.user_id == person))
            for person in self.people], [0, 2, 4])

    def test_among_equally_loaded_the_one_who_got_nothing_for_longest_is_next(self):
        self._create_rule()
        first = self._receive()
        first.action_cancel()
        second = self._receive()
        second.action_cancel()
        third = self._receive()
        self.assertEqual(first.user_id | second.user_id | third.user_id, self.people)

    def test_in_turn_goes_round_whatever_people_have(self):
        self._create_rule(distribution='turn')
        self._receive(3, user_id=self.people[0].id)
        given = [self._receive().user_id for _number in range(6)]
        self.assertEqual(given, [*self.people, *self.people])

    def test_handing_over_does_not_change_whose_turn_it_is(self):
        self._create_rule(distribution='turn')
        first = self._receive()
        first.user_id = self.people[2]
        self.assertEqual(self._receive().user_id, self.people[1])

    def test_only_who_is_at_work(self):
        rule = self._create_rule()
        with freeze_time(SUNDAY):
            request = self._create_request()
        self.assertFalse(request.user_id)
        leave = {'name': "Off", 'date_from': '2026-03-02 00:00:00',
                 'date_to': '2026-03-03 00:00:00', 'time_type': 'leave'}
        for person in self.people[:2]:
            resource = self.env['resource.resource'].create({
                'name': person.name, 'user_id': person.id})
            self.env['resource.calendar.leaves'].create({**leave, 'resource_id': resource.id})
        self.assertEqual(self._receive(3).user_id, self.people[2])
        rule.at_work_only = False
        with freeze_time(SUNDAY):
            self.assertTrue(self._create_request().user_id)

    def test_what_came_in_at_night_is_given_out_in_the_morning(self):
        with freeze_time(SUNDAY):
            self._create_rule()
            requests = self.env['crm.request'].concat(*(
                self._create_request() for _number in range(4)))
            self.assertFalse(requests.user_id)
        self._give_out_later()
        requests.invalidate_recordset()
        self.assertEqual(requests.user_id, self.people)

    def test_only_who_may_work_on_it_once_he_answers_for_it(self):
        salesman = new_test_user(self.env, 'salesman', 'sales_team.group_sale_salesman')
        gone = new_test_user(self.env, 'gone', 'crm_roles.group_service_supervisor')
        gone.active = False
        foreign = new_test_user(self.env, 'foreign', 'crm_roles.group_service_supervisor')
        company = self.env['res.company'].create({'name': "Other"})
        foreign.write({'company_ids': [Command.set(company.ids)], 'company_id': company.id})
        for user in (salesman, gone, foreign, self.roles['service_supervisor'], self.people[0]):
            for kind in ('information', 'payment'):
                with self.subTest(user=user.login, kind=kind):
                    rule = self._create_rule(
                        target='user', user_id=user.id, company_id=False)
                    request = self._receive(type_id=self.types[kind].id)
                    routed = request.user_id == user
                    request.user_id = user
                    may = user.active and request.with_user(user).has_access('write')
                    self.assertEqual(routed, may)
                    rule.unlink()

    def test_role_is_told_once_and_one_of_it_takes_it_up(self):
        rule = self._create_rule(
            target='role', group_id=self.env.ref('crm_roles.group_service_supervisor').id)
        requests = self._receive(5)
        self.assertRecordValues(requests, [{
            'user_id': False, 'routed_group_id': rule.group_id.id, 'team_id': self.team.id}] * 5)
        told = self.env['mail.message'].search([
            ('partner_ids', 'in', self.roles['service_supervisor'].partner_id.ids),
            ('message_type', '=', 'user_notification'), ('body', 'like', requests[0].number)])
        self.assertEqual(len(told), 1)
        for request in requests:
            self.assertIn(request.number, told.body)
        self._give_out_later()
        self.assertEqual(self.env['mail.message'].search_count([
            ('message_type', '=', 'user_notification'),
            ('body', 'like', requests[0].number)]), 1)

    def test_button_says_when_nobody_is_found(self):
        request = self._receive()
        with self.assertRaisesRegex(UserError, request.number):
            request.action_route()
        self._create_rule()
        with freeze_time(MONDAY):
            self._as(request, 'service_representative').action_route()
        self.assertTrue(request.user_id)

    def test_only_supervisors_and_sales_managers_change_rules(self):
        rule = self._create_rule()
        for role in ('service_supervisor', 'sales_manager'):
            self._as(rule, role).name = role
        self._assert_cannot_write(self._as(rule, 'service_representative'), name="Mine")
        for role in ('account_representative', 'order_manager', 'marketing_manager'):
            with self.assertRaises(AccessError):
                self._as(rule, role).mapped('name')

    def test_conditions_that_cannot_be_read_are_refused(self):
        for domain in ("[('no_field', '=', 1)]", "[('name', '=']", "open('x')"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._create_rule(domain=domain)

    def test_many_requests_are_given_out_with_as_many_statements_as_few(self):
        self._create_rule(kind='debt')
        rule = self._create_rule()
        counts = []
        for number in (1, 10, 100):
            rule.active = False
            requests = self._receive(number).sudo()
            rule.active = True
            self.env.flush_all()
            self.env.invalidate_all()
            requests.mapped('type_id.supervisor_only')
            start = self.env.cr.sql_log_count
            with freeze_time(MONDAY):
                chosen = rule._choose(rule._matching(requests))
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(chosen), number)
        self.assertEqual(counts[1], counts[2])

    def test_what_nobody_takes_up_is_a_step_with_a_norm(self):
        request = self._create_request()
        self.env.cr.flush()
        step = request.process_task_ids.step_id.filtered(lambda step: step.name == "Take Up")
        self.assertEqual(step.responsible, 'role')
        request.user_id = self.people[0]
        self.env.cr.flush()
        task = request.process_task_ids.filtered(lambda task: task.step_id == step)
        self.assertTrue(task.date_end)
