from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .return_common import ReturnCommon


@tagged('post_install', '-at_install')
class TestReturn(ReturnCommon):

    def test_system_accepts_with_a_reason(self):
        request = self._create_return((self.purchase, 2, 'unopened'))
        self.assertEqual(request.return_state, 'draft')
        request.action_decide_return()
        self.assertRecordValues(request, [{
            'return_state': 'accepted', 'return_amount': 200.0, 'return_overridden': False}])
        self.assertRecordValues(request.return_line_ids, [{
            'decision': 'accepted', 'decided_by': 'system', 'fee': 0.0, 'amount': 200.0,
            'decision_reason': "Unopened goods are taken back. Ordered 19 days before."}])
        self.assertIn("Unopened goods are taken back", request.solution)

    def test_system_rejects_with_a_reason(self):
        request = self._create_return((self.purchase, 2, 'opened'))
        request.action_decide_return()
        self.assertRecordValues(request, [{
            'return_state': 'rejected', 'return_amount': 0.0,
            'return_answer': "Work Bench: The time in which it could be returned is over. "
                             "Ordered 19 days before."}])

    def test_lines_of_several_orders_are_decided_each(self):
        recent = self._buy(self.acorn, '2026-03-15', 3)
        request = self._create_return((self.purchase, 1, 'opened'), (recent, 1, 'opened'))
        request.action_decide_return()
        self.assertEqual(request.return_state, 'partial')
        self.assertEqual(
            request.return_line_ids.mapped('decision'), ['rejected', 'accepted'])
        self.assertEqual(request.return_amount, 85.0)

    def test_time_counts_until_the_request_was_received(self):
        request = self._create_return(
            (self.purchase, 1, 'opened'), date_received='2026-03-10 09:00:00')
        request.action_decide_return()
        self.assertEqual(request.return_state, 'accepted')

    def test_days_of_the_product_count_where_it_has_some(self):
        self.product.product_tmpl_id.return_days = 5
        request = self._create_return((self.purchase, 1, 'unopened'))
        request.action_decide_return()
        self.assertEqual(request.return_state, 'rejected')

    def test_category_holds_for_those_below_it(self):
        above = self.env['product.category'].create({'name': "Furniture"})
        below = self.env['product.category'].create({'name': "Benches", 'parent_id': above.id})
        self.product.categ_id = below
        self._add_rule(category_id=above.id, decision='rejected', reason="Never furniture.")
        request = self._create_return((self.purchase, 1, 'unopened'))
        request.action_decide_return()
        self.assertIn("Never furniture.", request.return_answer)

    def test_customers_with_a_tag_and_paid_purchases(self):
        tag = self.env['res.partner.category'].create({'name': "Gold"})
        self._add_rule(partner_tag_id=tag.id, only_paid=True, reason="For gold customers.")
        plain = self._create_return((self.purchase, 1, 'opened'))
        plain.action_decide_return()
        self.assertEqual(plain.return_state, 'rejected')
        self.acorn.category_id = tag
        unpaid = self._create_return((self.purchase, 1, 'opened'))
        unpaid.action_decide_return()
        self.assertEqual(unpaid.return_state, 'rejected')
        bill = self._bill(self.purchase)
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'paid' WHERE id = %s", [bill.id])
        self.env.invalidate_all()
        paid = self._create_return((self.purchase, 1, 'opened'))
        paid.action_decide_return()
        self.assertEqual(paid.return_state, 'accepted')

    def test_no_more_goes_back_than_was_bought(self):
        self._create_return((self.purchase, 7, 'unopened')).action_decide_return()
        request = self._create_return((self.purchase, 2, 'unopened'))
        line = request.return_line_ids
        self.assertRecordValues(line, [{'bought': 10.0, 'returned': 7.0, 'returnable': 3.0}])
        request.return_line_ids = [Command.create({
            'sale_line_id': self.purchase.id, 'quantity': 2, 'condition': 'unopened'})]
        request.action_decide_return()
        self.assertEqual(request.return_line_ids.mapped('decision'), ['accepted', 'rejected'])
        self.assertIn("Only 1 of 10", request.return_line_ids[1].decision_reason)

    def test_cancelled_return_frees_what_it_took(self):
        first = self._create_return((self.purchase, 10, 'unopened'))
        first.action_decide_return()
        first.action_cancel()
        second = self._create_return((self.purchase, 10, 'unopened'))
        second.action_decide_return()
        self.assertEqual(second.return_state, 'accepted')

    def test_credit_note_without_a_request_counts_as_returned(self):
        bill = self._bill(self.purchase)
        bill._reverse_moves([{'invoice_date': '2026-03-12'}])
        request = self._create_return((self.purchase, 1, 'unopened'))
        self.assertEqual(request.return_line_ids.returned, 10.0)
        request.action_decide_return()
        self.assertEqual(request.return_state, 'rejected')

    def test_line_of_a_bill_without_an_order_goes_back(self):
        bill = self._create_bill(self.acorn, invoice_date='2026-03-10', invoice_line_ids=[
            Command.create({
                'product_id': self.product.id, 'quantity': 4, 'price_unit': 50.0,
                'tax_ids': [Command.clear()]})])
        request = self._create_request('return', return_line_ids=[Command.create({
            'move_line_id': bill.invoice_line_ids.id, 'quantity': 3})])
        request.action_decide_return()
        self.assertRecordValues(request, [{'return_state': 'accepted', 'return_amount': 150.0}])

    def test_what_was_bought_elsewhere_is_rejected(self):
        request = self._create_request('return', return_line_ids=[
            Command.create({'product_id': self.product.id})])
        request.action_decide_return()
        self.assertEqual(request.return_answer, "Work Bench: No purchase of it was found.")

    def test_purchases_of_the_customer_are_proposed(self):
        self._buy(self.birch, '2026-03-02', 5)
        second = self._buy(self.acorn, '2026-03-02', 4)
        self._create_return((second, 4, 'unopened')).action_decide_return()
        request = self._create_return()
        action = request.action_add_purchases()
        found = self.env['crm.return.purchase'].search(action['domain'])
        self.assertEqual(found.sale_line_id, self.purchase)
        found.with_context(**action['context']).action_return()
        self.assertRecordValues(request.return_line_ids, [{
            'product_id': self.product.id, 'quantity': 10.0, 'price_unit': 100.0,
            'sale_line_id': self.purchase.id}])

    def test_decided_lines_stay_as_they_are(self):
        request = self._create_return((self.purchase, 2, 'opened'))
        request.action_decide_return()
        line = request.return_line_ids
        for change in (
                lambda: line.write({'condition': 'unopened'}), line.unlink,
                request.action_decide_return, request.action_add_purchases,
                lambda: request.write({'return_line_ids': [
                    Command.create({'product_id': self.product.id})]})):
            with self.assertRaisesRegex(UserError, request.number), self.env.cr.savepoint():
                change()

    def test_later_changes_of_the_policy_touch_nothing_decided(self):
        request = self._create_return((self.purchase, 2, 'unopened'))
        request.action_decide_return()
        self.policy.rule_ids.unlink()
        self.policy.default_reason = "Nothing is taken back."
        self.assertEqual(request.return_state, 'accepted')
        self.assertIn("Unopened goods", request.return_answer)
        request.action_withdraw_return()
        request.action_decide_return()
        self.assertEqual(request.return_state, 'rejected')
        self.assertIn("Nothing is taken back.", request.return_answer)
        self.assertIn("Nothing is taken back.", request.solution)

    def test_solution_somebody_wrote_is_kept(self):
        request = self._create_return((self.purchase, 2, 'unopened'), solution="<p>Come by.</p>")
        request.action_decide_return()
        self.assertIn("Come by.", request.solution)

    def test_policy_of_the_company_goes_before_the_common_one(self):
        own = self.policy.copy({'company_id': self.env.company.id})
        self.assertEqual(own.state, 'draft')
        self.assertEqual(len(own.rule_ids), len(self.policy.rule_ids))
        own.action_activate()
        self.assertEqual(self.env['crm.return.policy']._in_force(self.env.company), own)
        self.assertEqual(self.policy.state, 'active')
        common = self.policy.copy()
        common.action_activate()
        self.assertEqual(self.policy.state, 'retired')
        with self.assertRaisesRegex(UserError, "kept"):
            self.policy.unlink()

    def test_without_a_policy_nothing_is_decided(self):
        self.policy.state = 'retired'
        request = self._create_return((self.purchase, 2, 'unopened'))
        with self.assertRaisesRegex(UserError, self.env.company.name):
            request.action_decide_return()

    def test_customer_reads_the_answer_in_his_language(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.acorn.lang = 'de_DE'
        self.policy.with_context(lang='de_DE').default_reason = "Die Frist ist um."
        request = self._create_return((self.purchase, 2, 'opened'))
        request.action_decide_return()
        self.assertIn("Die Frist ist um.", request.return_answer)

    def _add_rule(self, **values):
        self.policy.rule_ids = [Command.create({
            'name': "First", 'sequence': 1, 'reason': "So it is.", **values})]


@tagged('post_install', '-at_install')
class TestReturnRoles(ReturnCommon):

    def test_representative_decides_but_cannot_override(self):
        request = self._create_return((self.purchase, 2, 'opened'))
        request = self._as(request, 'service_representative')
        request.action_decide_return()
        self.assertEqual(request.return_state, 'rejected')
        for call in (
                request.action_override_return,
                lambda: request._override_return(request.return_line_ids, True, "He asked.")):
            with self.assertRaisesRegex(AccessError, "only a service supervisor"):
                call()
        self._assert_cannot_write(
            request.return_line_ids, decision='accepted', decision_reason="Yes", fee=0.0,
            decided_by='supervisor')
        self._assert_refused(self._override, request)
        self._assert_refused(request.decision_ids.write, {'reason': "Another"})

    def test_supervisor_overrides_with_a_reason_that_stays(self):
        request = self._create_return((self.purchase, 2, 'opened'))
        self._as(request, 'service_representative').action_decide_return()
        request = self._as(request, 'service_supervisor')
        self._override(request, reason="A good customer.", fee=10.0).action_decide()
        self.assertRecordValues(request, [{
            'return_state': 'accepted', 'return_overridden': True, 'return_amount': 180.0}])
        self.assertRecordValues(request.decision_ids, [
            {'kind': 'override', 'result': 'accepted', 'reason': "A good customer.",
             'user_id': self.roles['service_supervisor'].id},
            {'kind': 'system', 'result': 'rejected',
             'reason': "Work Bench: The time in which it could be returned is over. "
                       "Ordered 19 days before.",
             'user_id': self.roles['service_representative'].id}])
        self.assertIn("A good customer.", request.solution)

    def test_supervisor_decides_back(self):
        request = self._create_return((self.purchase, 2, 'unopened'))
        request.action_decide_return()
        request = self._as(request, 'service_supervisor')
        self._override(request, decision='rejected', reason="It was used.").action_decide()
        self.assertEqual(request.return_state, 'rejected')
        self._override(request, reason="A mistake.").action_decide()
        self.assertEqual(request.return_state, 'accepted')
        with self.assertRaisesRegex(UserError, "decided otherwise"):
            request._override_return(request.return_line_ids, True, "Again.")

    def test_supervisor_cannot_take_back_more_than_was_bought(self):
        self._create_return((self.purchase, 9, 'unopened')).action_decide_return()
        request = self._create_return((self.purchase, 2, 'unopened'))
        request.action_decide_return()
        request = self._as(request, 'service_supervisor')
        with self.assertRaisesRegex(UserError, "only 1 of 10"):
            self._override(request).action_decide()

    def test_what_a_supervisor_decided_only_a_supervisor_takes_back(self):
        request = self._create_return((self.purchase, 2, 'opened'))
        request.action_decide_return()
        self._override(self._as(request, 'service_supervisor')).action_decide()
        self._assert_refused(self._as(request, 'service_representative').action_withdraw_return)
        self._as(request, 'service_supervisor').action_withdraw_return()
        self.assertEqual(request.return_state, 'draft')

    def test_account_representative_works_on_returns_of_his_accounts(self):
        own = self._create_return((self.purchase, 1, 'unopened'))
        self._as(own, 'account_representative').action_decide_return()
        self.assertEqual(own.return_state, 'accepted')
        other = self._buy(self.birch, '2026-03-10', 2)
        foreign = self._create_return((other, 1, 'unopened'), partner_id=self.birch.id)
        lines = self._as(foreign.return_line_ids, 'account_representative')
        self._assert_refused(lines.read, ['quantity'])
        purchases = self._as(self.env['crm.return.purchase'], 'account_representative')
        self.assertEqual(purchases.search([]).partner_id, self.acorn)

    def test_who_takes_no_part_sees_nothing(self):
        request = self._create_return((self.purchase, 1, 'unopened'))
        request.action_decide_return()
        for records in (request.return_line_ids, request.decision_ids):
            self._assert_refused(self._as(records, 'marketing_manager').read, ['request_id'])

    def test_only_supervisors_and_sales_managers_change_the_policy(self):
        for role in ('service_supervisor', 'sales_manager'):
            self._as(self.policy, role).default_reason = f"So says {role}."
        for role in ('service_representative', 'account_representative', 'order_manager'):
            self._assert_cannot_write(self._as(self.policy, role), default_reason="No.")
            self._assert_refused(self._as(self.policy, role).action_activate)

    def test_customer_reads_the_lines_of_his_company_only(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        portal = new_test_user(
            self.env, 'ann', 'base.group_portal', partner_id=contact.id)
        own = self._create_return((self.purchase, 1, 'unopened'))
        other = self._buy(self.birch, '2026-03-10', 2)
        foreign = self._create_return((other, 1, 'unopened'), partner_id=self.birch.id)
        lines = (own | foreign).return_line_ids.with_user(portal)
        self.assertEqual(lines.search([]), own.return_line_ids)
        self._assert_refused(lines.write, {'quantity': 2})

    def _override(self, request, decision='accepted', **values):
        return self.env['crm.request.override'].with_user(request.env.user).create({
            'request_id': request.id, 'decision': decision, 'reason': "He asked.", **values})


@tagged('post_install', '-at_install')
class TestReturnCredit(ReturnCommon):

    def test_accepted_lines_become_a_credit_note_of_their_bill(self):
        bill = self._bill(self.purchase)
        request = self._create_return(
            (self.purchase, 2, 'unopened'), (self.purchase, 1, 'opened'))
        request.action_decide_return()
        request._override_return(request.return_line_ids[1], True, "He asked.", 15.0)
        credit_note = self._convert(self._as(request, 'service_supervisor'))
        self.assertRecordValues(credit_note, [{
            'move_type': 'out_refund', 'state': 'draft', 'reversed_entry_id': bill.id,
            'crm_request_id': request.id, 'amount_untaxed': 285.0}])
        self.assertEqual(
            credit_note.invoice_line_ids.sorted('id').mapped('price_subtotal'),
            [300.0, -15.0])

    def test_what_is_credited_by_the_return_is_not_counted_twice(self):
        self._bill(self.purchase)
        request = self._create_return((self.purchase, 4, 'unopened'))
        request.action_decide_return()
        self._convert(request)
        other = self._create_return((self.purchase, 6, 'unopened'))
        self.assertEqual(other.return_line_ids.returned, 4.0)
        other.action_decide_return()
        self.assertEqual(other.return_state, 'accepted')
        self.assertEqual(self._convert(other).amount_untaxed, 600.0)

    def test_decision_stays_while_its_credit_note_lives(self):
        self._bill(self.purchase)
        request = self._create_return((self.purchase, 4, 'unopened'))
        request.action_decide_return()
        credit_note = self._convert(request)
        for call in (
                request.action_withdraw_return,
                lambda: request._override_return(request.return_line_ids, False, "No.")):
            with self.assertRaisesRegex(UserError, "Cancel that first"):
                call()
        credit_note.button_cancel()
        request.action_withdraw_return()
        self.assertEqual(request.return_state, 'draft')

    def test_nothing_is_credited_that_was_not_accepted_or_billed(self):
        rejected = self._create_return((self.purchase, 1, 'opened'))
        with self.assertRaisesRegex(UserError, "nothing of it is accepted"):
            rejected.action_convert()
        rejected.action_decide_return()
        with self.assertRaisesRegex(UserError, "nothing of it is accepted"):
            rejected.action_convert()
        unbilled = self._create_return((self.purchase, 1, 'unopened'))
        unbilled.action_decide_return()
        with self.assertRaisesRegex(UserError, "nothing of it was billed"):
            unbilled.action_convert()

    def test_return_of_several_bills_becomes_a_credit_note_of_each(self):
        second = self._buy(self.acorn, '2026-03-10', 3)
        bills = self._bill(self.purchase) | self._bill(second)
        request = self._create_return((self.purchase, 2, 'unopened'), (second, 3, 'unopened'))
        request.action_decide_return()
        credit_notes = self._convert(request)
        self.assertEqual(credit_notes.reversed_entry_id, bills)
        self.assertEqual(sorted(credit_notes.mapped('amount_untaxed')), [200.0, 300.0])

    def test_representative_asks_a_supervisor_for_the_credit_note(self):
        self._bill(self.purchase)
        request = self._create_return((self.purchase, 2, 'unopened'))
        request.action_decide_return()
        with self.assertRaisesRegex(AccessError, "Ask a service supervisor"):
            self._as(request, 'service_representative').action_convert()

    def _convert(self, request):
        action = request.action_convert()
        request.env[action['res_model']].browse(action['res_id']).action_convert()
        return request.invoice_ids


@tagged('post_install', '-at_install')
class TestReturnSpeed(ReturnCommon):

    def test_fifty_lines_cost_as_many_queries_as_five(self):
        counts = []
        for count in (5, 50):
            lines = self._buy(self.acorn, '2026-03-10', *[2] * count)
            request = self._create_return(*[(line, 1, 'unopened') for line in lines])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            request.action_decide_return()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(request.return_state, 'accepted')
        self.assertLessEqual(counts[1], counts[0] + 2)
