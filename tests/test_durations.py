"""What is computed from durations, against counting and drawing by brute force."""

from random import Random
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_process.models import durations
from odoo.addons.crm_process.models.run_replay import Span, saved

HOURS = st.floats(0, 200).map(lambda hours: round(hours, 2))
SAMPLES = st.lists(HOURS, min_size=30, max_size=300).map(sorted)
NORMS = st.floats(0.5, 20).map(lambda hours: round(hours, 2))
RANDOMLY = settings(max_examples=200, deadline=None, database=None)


def curve_of(sample):
    """Return what the database makes of a sample."""
    return [durations.quantile(sample, step / 100) for step in range(101)]


@tagged('post_install', '-at_install')
class TestDurations(BaseCase):

    @RANDOMLY
    @given(SAMPLES, HOURS, HOURS)
    def test_probability_is_what_counting_says(self, sample, used, limit):
        used, limit = sorted((used, limit))
        # Of two values next to each other one may count or not, and a curve has 100 steps.
        blur = 1 / 100 + 1 / (len(sample) - 1)
        open_still = sum(hours > used for hours in sample) / len(sample)
        late = sum(hours > limit for hours in sample) / len(sample)
        percent = durations.late_probability(curve_of(sample), used, limit)
        if percent is None:
            self.assertLessEqual(open_still, blur)
            return
        self.assertGreaterEqual(percent / 100 + 1e-9, (late - blur) / (open_still + blur))
        if open_still > blur:
            self.assertLessEqual(percent / 100 - 1e-9, (late + blur) / (open_still - blur))

    @RANDOMLY
    @given(SAMPLES, HOURS, st.integers(1, 100))
    def test_risk_is_reached_when_the_probability_is(self, sample, limit, percent):
        curve = curve_of(sample)
        hours = durations.risk_hours(curve, limit, percent)
        if hours is None:
            self.assertEqual(durations.share_within(curve, limit), 1)
            return
        self.assertLessEqual(hours, limit)
        self.assertGreaterEqual(
            durations.late_probability(curve, hours, limit) + 1e-6, percent)
        if hours > 0.01:
            before = durations.late_probability(curve, hours - 0.01, limit)
            self.assertLessEqual(before, percent + 1e-6)

    @RANDOMLY
    @given(SAMPLES, HOURS)
    def test_what_is_left_comes_later_than_now_and_in_order(self, sample, used):
        curve = curve_of(sample)
        times = [durations.hours_until(curve, used, share) for share in (0, 0.5, 0.8, 1)]
        if used >= sample[-1]:
            self.assertEqual(times, [None] * 4)
        else:
            self.assertEqual(times, sorted(times))
            self.assertGreaterEqual(times[1], min(used, times[1]))
            self.assertEqual(times[3], sample[-1])

    @RANDOMLY
    @given(SAMPLES, st.sampled_from([0.2, 0.5, 0.8]))
    def test_bounds_enclose_the_quantile(self, sample, share):
        low, high = durations.quantile_bounds(sample, share)
        self.assertLessEqual(low, durations.quantile(sample, share))
        if high is not None:
            self.assertGreaterEqual(high, durations.quantile(sample, share))

    def test_drawn_medians_are_those_of_a_plain_bootstrap(self):
        random = Random(3)
        for cases in (30, 31, 120):
            before, after = (
                sorted(random.lognormvariate(2, 0.5) for _case in range(cases)) for _side in 'ab')
            plain = sorted(
                median(random.choices(after, k=cases)) - median(random.choices(before, k=cases))
                for _round in range(4000))
            difference, low, high = durations.median_difference(before, after)
            self.assertAlmostEqual(difference, median(after) - median(before))
            width = plain[-200] - plain[200]
            self.assertAlmostEqual(low, plain[200], delta=width / 10)
            self.assertAlmostEqual(high, plain[-200], delta=width / 10)
            self.assertEqual(
                durations.median_difference(before, after), (difference, low, high))


@tagged('post_install', '-at_install')
class TestReplay(BaseCase):

    @settings(max_examples=100, deadline=None, database=None)
    @given(NORMS, NORMS, NORMS, NORMS)
    def test_critical_path_of_a_known_graph(self, ask, price, stock, send):
        start = ask + max(price, stock)
        run = [
            Span('ask', 0, 0, ask), Span('price', ask, ask, ask + price),
            Span('stock', ask, ask, ask + stock), Span('send', start, start, start + send)]
        waits = {'price': {'ask'}, 'stock': {'ask'}, 'send': {'ask', 'price', 'stock'}}
        for step, hours in (('ask', ask), ('send', send)):
            self.assertAlmostEqual(saved(run, waits, shorter=step), min(1, hours))
        for step, mine, other in (('price', price, stock), ('stock', stock, price)):
            slack = max(mine, other) - max(mine - 1, other, 0)
            self.assertAlmostEqual(saved(run, waits, shorter=step), min(slack, mine))
