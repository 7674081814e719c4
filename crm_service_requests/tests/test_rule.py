from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged, users
from odoo.tools import mute_logger

from .common_rule import RuleCommon


@tagged('post_install', '-at_install')
class TestRule(RuleCommon):
    """What a rule makes, once, and what ends by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-10 09:00:00'))
        cls.rule = cls._create_rule(
            'overdue', days=10, amount=50, subject="{customer}: {amount} for {days} days",
            priority='1')
        cls.bill = cls._bill(cls.acorn, 100.0, '2026-02-01')

    def _last(self):
        return self.rule.request_ids.sorted('id')[-1:]

    def test_request_says_why_it_was_made(self):
        made = self.rule._run()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(made, [{
            'name': "Acorn Joinery: $\xa0100.00 for 37 days", 'channel': 'rule', 'state': 'new',
            'type_id': self.types['accounting'].id, 'priority': '1', 'rule_id': self.rule.id,
            'partner_id': self.acorn.id, 'company_id': self.env.company.id,
            'origin_ref': self.bill}])
        self.assertNotEqual(made.number, '/')
        self.assertEqual(made.rule_facts, {
            'kind': 'overdue', 'amount': 100.0, 'currency': 'USD', 'days': 37,
            'date': '2026-02-01', 'percent': 0, 'rhythm': 0, 'document_model': 'account.move',
            'document_ids': self.bill.ids})
        self.assertIn(self.bill.name, made.description)
        self.assertIn("overdue", made.description)

    def test_one_pending_request_of_a_customer(self):
        self.rule._run()
        self._bill(self.acorn, 70.0, '2026-02-05')
        self.assertFalse(self.rule._run())
        self._last().action_open()
        self.assertFalse(self.rule._run())
        self.assertEqual(len(self.rule.request_ids), 1)

    def test_database_refuses_a_second_pending_request(self):
        first = self.rule._run()
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), \
                self.env.cr.savepoint():
            self._create_request('debt', channel='rule', rule_id=first.rule_id.id)
            self.env.flush_all()
        self._create_request('debt', channel='rule', rule_id=self._create_rule('overdue').id)
        self.env.flush_all()

    def test_request_is_closed_when_its_reason_is_gone(self):
        request = self.rule._run()
        self._pay(self.bill, 60.0)
        self.assertFalse(self.rule._run())
        self.assertRecordValues(request, [{'state': 'closed', 'closed_by': 'rule'}])
        self.assertIn("its reason is gone", request.message_ids[0].body)

    def test_partly_paid_bill_keeps_its_request(self):
        request = self.rule._run()
        self._pay(self.bill, 50.0)
        self.rule._run()
        self.assertEqual(request.state, 'new')

    def test_request_somebody_works_on_stays_and_is_noted_once(self):
        request = self.rule._run()
        request.action_open()
        self._pay(self.bill, 100.0)
        for _night in range(2):
            self.rule._run()
        self.assertEqual(request.state, 'open')
        self.assertTrue(request.rule_ended_at)
        notes = request.message_ids.filtered(
            lambda message: "does not apply" in (message.body or ''))
        self.assertEqual(len(notes), 1)

    def test_note_of_a_colleague_is_work(self):
        request = self.rule._run()
        request.with_user(self.roles['service_supervisor']).message_post(
            body="He promised to pay.", message_type='comment', subtype_xmlid='mail.mt_note')
        self._pay(self.bill, 100.0)
        self.rule._run()
        self.assertEqual(request.state, 'new')
        self.assertTrue(request.rule_ended_at)

    def test_reason_that_is_back_is_no_longer_gone(self):
        request = self.rule._run()
        request.action_open()
        self._pay(self.bill, 100.0)
        self.rule._run()
        self._bill(self.acorn, 80.0, '2026-02-02')
        self.assertFalse(self.rule._run())
        self.assertFalse(request.rule_ended_at)

    def test_customer_is_left_alone_after_a_request(self):
        self.rule.cooling_days = 5
        self.rule._run().write({'state': 'closed', 'closed_by': 'customer'})
        self.env.flush_all()
        with freeze_time('2026-03-14 09:00:00'):
            self.assertFalse(self.rule._run())
        with freeze_time('2026-03-15 10:00:00'):
            self.assertEqual(self.rule._run().partner_id, self.acorn)

    def test_cancelled_request_is_not_made_again_at_once(self):
        self.rule.cooling_days = 5
        self.rule._run().action_cancel()
        self.env.flush_all()
        self.assertFalse(self.rule._run())

    def test_quiet_blacklisted_and_archived_customers_are_skipped(self):
        for subject, values in (
            ("quiet", {'crm_request_quiet': True}),
            ("archived", {'active': False}),
        ):
            with self.subTest(subject), self.env.cr.savepoint() as savepoint:
                self.acorn.write(values)
                self.assertFalse(self.rule._run())
                savepoint.rollback()
        with self.env.cr.savepoint() as savepoint:
            self.env['mail.blacklist']._add(self.acorn.email)
            self.assertFalse(self.rule._run())
            savepoint.rollback()
        self.acorn.phone = '+1 202 555 0123'
        with self.env.cr.savepoint() as savepoint:
            self.env['phone.blacklist'].create({'number': self.acorn.phone_sanitized})
            self.assertFalse(self.rule._run())
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertTrue(self.rule._run())

    def test_contacts_are_as_quiet_as_their_company(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self.acorn.crm_request_quiet = True
        self.assertTrue(contact.crm_request_quiet)
        self.assertTrue(self.env['res.partner'].create(
            {'name': "Ben", 'parent_id': self.acorn.id}).crm_request_quiet)

    def test_bill_of_a_contact_counts_for_the_company(self):
        contact = self.env['res.partner'].create({
            'name': "Ann", 'parent_id': self.birch.id,
            'property_account_receivable_id': self.receivable.id})
        self._bill(contact, 60.0, '2026-02-01')
        self.rule._run()
        self.assertEqual(self._customers(self.rule), self.acorn | self.birch)

    def test_rule_of_another_company_looks_at_its_own_bills(self):
        other = self.env['res.company'].create({'name': "Other Ltd"})
        rule = self._create_rule('overdue', days=1, company_id=other.id)
        self.assertFalse(rule._run())
        self.rule._run()
        self.assertEqual(rule.search_count([('id', '=', rule.id)]), 1)
        self.assertFalse(rule.with_user(self.roles['sales_manager']).search(
            [('id', '=', rule.id)]))

    def test_customer_hears_nothing_of_what_a_rule_made(self):
        request = self.rule._run()
        self.assertNotIn(self.acorn, request.message_partner_ids)
        self.assertFalse(self.env['mail.mail'].search(
            [('mail_message_id.model', '=', 'crm.request'),
             ('mail_message_id.res_id', '=', request.id)]))
        outside = self.env['res.partner'].create({'name': "Collector"})
        request.assigned_partner_id = outside
        self.assertIn(outside, request.message_partner_ids)
        self.assertNotIn(self.acorn, request.message_partner_ids)

    def test_portal_shows_what_a_rule_made_once_the_customer_was_written_to(self):
        request = self.rule._run()
        person = self.env['res.partner'].create(
            {'name': "Ann", 'parent_id': self.acorn.id, 'email': 'ann@example.com'})
        portal = new_test_user(
            self.env, 'ann', 'base.group_portal', partner_id=person.id)
        mine = self.env['crm.request'].with_user(portal)
        self.assertFalse(mine.search([('id', '=', request.id)]))
        request.message_subscribe(person.ids)
        self.assertTrue(mine.search([('id', '=', request.id)]))

    def test_statements_do_not_grow_with_the_customers(self):
        rule = self.env.ref('crm_service_requests.crm_request_rule_no_sale')
        rule.write({'kind': 'overdue', 'days': 1})
        # With one document each, Odoo would look whether it exists, for each request.
        self._add_debtors(2, rule)
        self._count(rule)
        self._add_debtors(5, rule)
        few = self._count(rule)
        self._add_debtors(50, rule)
        # What is written in portions takes a few more, but nothing is asked for each request.
        self.assertLess(self._count(rule), few + 10)

    def _add_debtors(self, count, rule):
        """Let nobody but so many new customers owe something."""
        tag = self.env['res.partner.category'].create({'name': "Debtors"})
        rule.domain = f"[('category_id', 'in', {tag.ids})]"
        for number in range(count):
            debtor = self.env['res.partner'].create({
                'name': f"Debtor {number}", 'is_company': True, 'category_id': tag.ids,
                'property_account_receivable_id': self.receivable.id})
            for _bill in range(2):
                self._bill(debtor, 60.0, '2026-02-01')
        self.env.flush_all()
        self.env.invalidate_all()

    def _count(self, rule):
        """Run a rule, and return how many statements it took."""
        before = self.env.cr.sql_log_count
        self.assertTrue(rule._run())
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_responsible_follows_what_was_made_for_him(self):
        self.rule.user_id = self.roles['service_supervisor']
        request = self.rule._run()
        self.assertEqual(request.user_id, self.roles['service_supervisor'])
        self.assertIn(request.user_id.partner_id, request.message_partner_ids)

    def test_preview_tells_whom_and_makes_nothing(self):
        rule = self.rule.with_user(self.roles['service_supervisor'])
        action = rule.action_preview()
        self.assertEqual(action['name'], "Would make 1 today")
        candidates = self.env['crm.request.rule.candidate'].search(action['domain'])
        self.assertRecordValues(candidates, [{
            'partner_id': self.acorn.id, 'amount': 100.0, 'days': 37}])
        self.assertFalse(self.rule.request_ids)
        self.assertFalse(self.rule.date_run)
        self.rule._run()
        self.assertEqual(rule.action_preview()['name'], "Would make 0 today")

    @users('service_supervisor', 'sales_manager')
    def test_supervisors_and_sales_managers_run_rules(self):
        self.rule.with_env(self.env).action_run()
        self.assertEqual(self._customers(self.rule), self.acorn)

    def test_others_may_not_run_or_change_rules(self):
        for role in ('service_representative', 'account_representative', 'order_manager',
                     'marketing_manager', 'call_center_lead'):
            rule = self._as(self.rule, role)
            with self.subTest(role):
                self.assertEqual(rule.name, "Rule under Test")
                self._assert_refused(rule.action_run)
                self._assert_refused(rule.action_preview)
                self._assert_cannot_write(rule, days=1)

    def test_rules_of_another_company_are_not_tried(self):
        other = self.env['res.company'].create({'name': "Another Workshop"})
        rule = self._as(
            self._create_rule('overdue', days=10, company_id=other.id), 'service_supervisor')
        for call in (rule.action_preview, rule.action_run):
            self._assert_refused(call)

    def test_candidates_of_others_are_not_seen(self):
        action = self.rule.with_user(self.roles['service_supervisor']).action_preview()
        self.assertFalse(self.env['crm.request.rule.candidate'].with_user(
            self.roles['sales_manager']).search(action['domain']))
        with self.assertRaises(AccessError):
            self.env['crm.request.rule.candidate'].with_user(
                self.roles['service_representative']).search(action['domain'])

    def test_wrong_parameters_are_refused(self):
        for values in (
            {'kind': 'no_sale', 'days': 0, 'factor': 0.0},
            {'kind': 'after_delivery', 'days': 10, 'days_max': 5},
            {'domain': "[('no_such_field', '=', 1)]"}, {'domain': "import os"},
            {'subject': "{customer} {secret}"},
        ):
            with self.subTest(values), self.assertRaisesRegex(
                    ValidationError, "Rule under Test"), self.env.cr.savepoint():
                self.rule.write(values)
        for name in ('days', 'days_max', 'cooling_days', 'factor', 'percent'):
            with self.subTest(name), self.assertRaises(CheckViolation), \
                    mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                self.rule.write({name: -1})
                self.env.flush_all()

    def test_nightly_action_runs_active_rules_once_a_night(self):
        cron = self.env.ref('crm_service_requests.ir_cron_run_rules')
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._customers(self.rule), self.acorn)
        self._bill(self.birch, 60.0, '2026-02-01')
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._customers(self.rule), self.acorn)
        with freeze_time('2026-03-11 02:10:00'), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._customers(self.rule), self.acorn | self.birch)

    def test_rule_that_fails_says_so_and_stops_no_other(self):
        broken = self._create_rule('overdue', name="Broken", sequence=1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_request_rule SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            [broken.id])
        broken.invalidate_recordset()
        cron = self.env.ref('crm_service_requests.ir_cron_run_rules')
        with self.enter_registry_test_mode(), self.assertLogs(
                'odoo.addons.crm_service_requests', 'ERROR'):
            cron.method_direct_trigger()
        self.assertIn("gone", broken.failure)
        self.assertEqual(self._customers(self.rule), self.acorn)

    def test_copy_is_named_and_has_not_run(self):
        self.rule._run()
        copy = self.rule.copy()
        self.assertEqual(copy.name, "Rule under Test (copy)")
        self.assertFalse(copy.date_run)
        self.assertFalse(copy.request_ids)
