from datetime import datetime
from math import exp
from random import Random

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .history import HistoryCommon

SIGMA = 0.3
# Of which 80 of 100 values are no more than 1.
P80 = exp(-0.8416 * SIGMA)


class TestSuggestion(HistoryCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, 'manager', 'crm_roles.group_sales_manager')

    def _net(self, name="Net", **norms):
        """Make a process: ask, then price and stock beside each other, then send."""
        process = self._create_process(activate=False, name=name, steps=[
            {'name': step, 'domain': f"[('priority', '=', '{index}')]", 'parallel': True,
             'norm_hours': norms.get(step, 8)}
            for index, step in enumerate(("ask", "price", "stock", "send"))])
        ask, price, stock, send = process.step_ids
        price.depends_on_ids = stock.depends_on_ids = ask
        send.depends_on_ids = price | stock
        process.action_activate()
        return process

    def _net_cases(self, ask, price, stock, send):
        """Return cases in which each step begins when those before it are done."""
        cases = []
        for first, one, other, last in zip(ask, price, stock, send, strict=True):
            joined = first + max(one, other)
            cases.append({
                "ask": (first, 0, 0, 0), "price": (one, first, first, 0),
                "stock": (other, first, first, 0), "send": (last, joined, joined, 0)})
        return cases

    def _suggest(self, process, moment=None):
        with self._at(*(moment or (2026, 3, 2, 8))):
            process._suggest()
        return {
            (suggestion.kind, suggestion.step_id.name): suggestion
            for suggestion in process.suggestion_ids if suggestion.state == 'open'}

    def test_norm_that_is_far_too_long_is_shortened(self):
        process = self._create_process()
        self._create_history(
            process, [{"Quote": hours} for hours in self._spread(3 * P80, 60, SIGMA)])
        found = self._suggest(process)
        self.assertEqual(list(found), [('shorten', "Quote")])
        suggestion = found['shorten', "Quote"]
        self.assertEqual(suggestion.cases, 60)
        self.assertLess(suggestion.safe_hours, suggestion.bound_hours)
        self.assertLessEqual(suggestion.bound_hours, suggestion.proposed_hours)
        self.assertAlmostEqual(suggestion.proposed_hours, 3, delta=0.8)
        self.assertGreater(suggestion.gain_hours, 0)
        self.assertIn("the norm is 08:00", suggestion.evidence)

    def test_norm_that_nobody_keeps_is_lengthened(self):
        process = self._create_process()
        hours = self._spread(16 * P80, 90, SIGMA)
        self._create_history(process, [{"Quote": hour} for hour in hours], every=8)
        suggestion = self._suggest(process)['lengthen', "Quote"]
        self.assertAlmostEqual(suggestion.proposed_hours, 16, delta=3)
        self.assertGreater(suggestion.bound_hours, 10)
        late = sum(8 < hour <= suggestion.proposed_hours for hour in hours)
        self.assertAlmostEqual(suggestion.late_saved, late / 6, delta=late / 30)
        self.assertEqual(suggestion.gain_hours, 0)
        self.assertIn("fewer a month", suggestion.evidence)

    def test_twenty_nine_cases_prove_nothing(self):
        process = self._create_process()
        self._create_history(process, [{"Quote": 1}] * 29)
        self.assertFalse(self._suggest(process))
        self._create_history(process, [{"Quote": 1}])
        self.assertEqual(list(self._suggest(process)), [('shorten', "Quote")])

    def test_step_that_holds_up_the_others_is_found(self):
        process = self._net(price=12, stock=8)
        self._create_history(process, self._net_cases(
            self._spread(8 * P80, 60), self._spread(12 * P80, 60),
            self._spread(7 * P80, 60), self._spread(8 * P80, 60)), every=10)
        found = self._suggest(process)
        self.assertEqual(list(found), [('critical', "price")])
        suggestion = found['critical', "price"]
        self.assertEqual(suggestion.other_step_id.name, "stock")
        self.assertGreater(suggestion.saved_hours, 0.7)
        self.assertLess(suggestion.other_saved_hours, 0.3)
        self.assertIn("is the longer way", suggestion.evidence)

    def test_step_that_waits_without_need_is_found(self):
        process = self._create_process(activate=False, steps=[
            {'name': "Check", 'domain': "[('priority', '=', '1')]"},
            {'name': "Pack", 'domain': "[('priority', '=', '2')]"}])
        check, pack = process.step_ids
        pack.depends_on_ids = check
        process.action_activate()
        cases = []
        for index, (one, two) in enumerate(zip(
                self._spread(8 * P80, 60), self._spread(8 * P80, 60), strict=True)):
            ready = one if index % 10 == 0 else one / 4
            cases.append({"Check": (one, 0, 0, 0), "Pack": (two, ready, one, 0)})
        self._create_history(process, cases, every=8)
        found = self._suggest(process)
        self.assertEqual(list(found), [('parallel', "Pack")])
        suggestion = found['parallel', "Pack"]
        self.assertEqual(suggestion.other_step_id, check)
        self.assertAlmostEqual(suggestion.share, 90)
        # Packed as soon as it can be, it is over when both are.
        saved_hours = sum(
            one + two - max(one, ready + two) for (one, *_), (two, ready, *_) in (
                case.values() for case in cases))
        self.assertAlmostEqual(suggestion.saved_hours, saved_hours / 60, delta=0.01)

    def test_steps_that_end_in_the_other_order_are_found(self):
        process = self._net()
        cases = self._net_cases(*(self._spread(8 * P80, 40) for _step in range(4)))
        for case in cases:
            # Sent right after it was asked for, long before price and stock are known.
            asked = case["ask"][0]
            case["send"] = (0, asked + 0.1, asked + 0.2, 0)
        self._create_history(process, cases, every=8)
        self._suggest(process)
        kinds = {(suggestion.kind, suggestion.step_id.name, suggestion.other_step_id.name)
                 for suggestion in process.suggestion_ids}
        self.assertEqual(kinds, {('parallel', "send", "price"), ('parallel', "send", "stock")})

    def test_waiting_is_told_from_working(self):
        process = self._create_process()
        self._create_history(process, [
            {"Quote": (worked, 0, 0, 3 * waited)} for worked, waited in zip(
                self._spread(8 * P80, 50), self._spread(8 * P80, 50), strict=True)], every=8)
        found = self._suggest(process)
        self.assertEqual(list(found), [('waiting', "Quote")])
        self.assertGreater(found['waiting', "Quote"].share, 90)
        self.assertIn("To work faster would not help", found['waiting', "Quote"].evidence)

    def test_silent_where_there_is_nothing_to_find(self):
        for seed in range(8):
            type(self).random = Random(seed)
            process = self._net(f"Net {seed}")
            steps = [self._spread(8 * P80, 80, SIGMA) for _step in range(4)]
            cases = self._net_cases(*steps)
            for case in cases:
                took, ready, start, _stood = case["send"]
                case["send"] = (took, ready, start, round(self.random.uniform(0, 6), 2))
            self._create_history(process, cases, every=8)
            self.assertFalse(self._suggest(process), f"seed {seed}")

    def test_examining_again_changes_the_one_that_is_open(self):
        process = self._create_process()
        self._create_history(process, [{"Quote": 2}] * 30)
        suggestion = self._suggest(process)['shorten', "Quote"]
        self._create_history(process, [{"Quote": 2}] * 10)
        self.assertEqual(self._suggest(process), {('shorten', "Quote"): suggestion})
        self.assertEqual(suggestion.cases, 40)
        self._create_history(process, [{"Quote": 7}] * 200, every=1)
        self.assertFalse(self._suggest(process))
        self.assertEqual(suggestion.state, 'obsolete')

    def test_rejected_one_comes_back_only_when_much_has_changed(self):
        process = self._create_process()
        self._create_history(process, [{"Quote": 3}] * 30)
        suggestion = self._suggest(process)['shorten', "Quote"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "say why it is rejected"):
            suggestion.action_reject()
        suggestion.reason = "The fair is over soon."
        suggestion.action_reject()
        self.assertEqual((suggestion.state, suggestion.decided_by_id), ('rejected', self.manager))
        for decide in (suggestion.action_accept, suggestion.action_reject):
            with self.assertRaisesRegex(UserError, "no longer open"):
                decide()
        self._create_history(process, [{"Quote": 3}] * 10)
        self.assertFalse(self._suggest(process))
        self._create_history(process, [{"Quote": 1}] * 400, every=1)
        self.assertEqual(list(self._suggest(process)), [('shorten', "Quote")])

    def test_accepting_makes_a_version_and_takes_the_others_along(self):
        process = self._net(ask=30, price=12)
        self._create_history(process, self._net_cases(
            self._spread(8 * P80, 60), self._spread(12 * P80, 60),
            self._spread(7 * P80, 60), self._spread(8 * P80, 60)), every=10)
        with self._at():
            old = self._create_lead(priority='0')
        found = self._suggest(process)
        shorten = found['shorten', "ask"].with_user(self.manager)
        shorten.action_accept()
        version = shorten.version_id
        self.assertEqual((process.state, version.state, version.version), ('replaced', 'active', 2))
        self.assertEqual(version.step_ids[0].norm_hours, shorten.proposed_hours)
        self.assertEqual(process.step_ids[0].norm_hours, 30)
        self.assertEqual(self._task(old).process_id, process)
        critical = found['critical', "price"]
        self.assertEqual(critical.process_id, version)
        self.assertEqual(critical.step_id, version.step_ids[1])
        self.assertEqual(critical.other_step_id, version.step_ids[2])
        # Of the new version there are no cases yet: what is open stays.
        self.assertEqual(list(self._suggest(version)), [('critical', "price")])
        critical.with_user(self.manager).action_accept()
        self.assertEqual(critical.version_id.version, 3)
        self.assertEqual(critical.version_id.step_ids[1].norm_hours, 12)

    def test_accepting_lets_a_step_wait_no_longer(self):
        process = self._net()
        ask, price, stock, send = process.step_ids
        cases = self._net_cases(*(self._spread(8 * P80, 40) for _step in range(4)))
        for case in cases:
            took, _ready, start, _stood = case["price"]
            case["price"] = (took, start / 4, start, 0)
        self._create_history(process, cases, every=8)
        self._suggest(process)['parallel', "price"].with_user(self.manager).action_accept()
        version = self.env['crm.process'].search([('origin_id', '=', process.id)])
        by_name = {step.name: step for step in version.step_ids}
        self.assertFalse(by_name["price"].depends_on_ids)
        self.assertEqual(by_name["stock"].depends_on_ids, by_name["ask"])
        self.assertEqual(
            by_name["send"].depends_on_ids,
            by_name["ask"] | by_name["price"] | by_name["stock"])

    def test_open_draft_is_told(self):
        process = self._create_process()
        self._create_history(process, [{"Quote": 2}] * 30)
        suggestion = self._suggest(process)['shorten', "Quote"].with_user(self.manager)
        process._next_version()
        with self.assertRaisesRegex(UserError, "already being prepared"):
            suggestion.action_accept()
        self.assertEqual(suggestion.state, 'open')

    def test_who_reads_and_who_decides(self):
        process = self._create_process()
        self._create_history(process, [{"Quote": 2}] * 30)
        suggestion = self._suggest(process)['shorten', "Quote"]
        for role, reads, decides in (
                ('service_supervisor', True, True), ('sales_manager', True, True),
                ('call_center_lead', True, False), ('marketing_manager', True, False),
                ('service_representative', False, False),
                ('account_representative', False, False), ('order_manager', False, False)):
            user = new_test_user(self.env, role, f'crm_roles.group_{role}')
            mine = suggestion.with_user(user)
            self.assertEqual(mine.has_access('read'), reads, role)
            self.assertEqual(mine.has_access('write'), decides, role)
            for name, value in (('state', 'accepted'), ('proposed_hours', 1), ('kind', 'waiting')):
                with self.assertRaises(AccessError):
                    mine[name] = value
            if decides:
                mine.reason = f"{role} was here."
            else:
                for decide in (mine.action_accept, mine.action_reject):
                    with self.assertRaises(AccessError):
                        decide()

    def test_story_late_complaints_are_answered_better_next_quarter(self):
        process = self._create_process(activate=False, name="Complaint", steps=[
            {'name': "Answer", 'domain': f"[('stage_id', '=', {self.new.id})]", 'norm_hours': 4},
            {'name': "Settle", 'domain': f"[('stage_id', '=', {self.quoted.id})]",
             'norm_hours': 40}])
        with self._at(2025, 9, 1, 7):
            process.action_activate()
        # One quarter: nobody answers within four hours, settling takes a week at the most.
        self._create_history(process, [
            {"Answer": answer, "Settle": settle} for answer, settle in zip(
                self._spread(9 * P80, 100, SIGMA), self._spread(36 * P80, 100, SIGMA),
                strict=True)], every=5)
        found = self._suggest(process, (2025, 12, 1, 8))
        self.assertEqual(list(found), [('lengthen', "Answer")])
        with self._at(2025, 12, 1, 8):
            found['lengthen', "Answer"].with_user(self.manager).action_accept()
        version = found['lengthen', "Answer"].version_id
        self.assertAlmostEqual(version.step_ids[0].norm_hours, 9, delta=2)
        # The next: the deadline can be believed, and those who are warned in time answer sooner.
        self._create_history(version, [
            {"Answer": answer, "Settle": settle} for answer, settle in zip(
                self._spread(6 * P80, 100, SIGMA), self._spread(36 * P80, 100, SIGMA),
                strict=True)], start=datetime(2025, 12, 1, 8), every=5)
        with self._at():
            version._learn()
        self.assertNotIn(('lengthen', "Answer"), self._suggest(version))
        answer, settle = version.change_ids.filtered('step_id').sorted('step_id')
        self.assertEqual((answer.verdict, settle.verdict), ('faster', 'same'))
        self.assertGreater(answer.late_before, 80)
        self.assertLess(answer.late_share, 20)
