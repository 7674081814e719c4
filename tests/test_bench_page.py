"""The page of what was measured: every goal and size, growth, and why something falls short."""

import doctest
import json
import re
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from common import ROOT

from odoo.tests import BaseCase, tagged

_spec = spec_from_file_location('bench_page', ROOT / 'bench' / 'page.py')
page = module_from_spec(_spec)
_spec.loader.exec_module(page)


@tagged('post_install', '-at_install')
class TestBenchPage(BaseCase):

    def _results(self, orders, milliseconds, holds):
        finding = {'what': "three criteria", 'promised': "at most 0.2 x", 'measured': "0.16 x",
                   'holds': holds}
        table = {'title': "Find | all", 'remark': "3 rounds of 4", 'rows': [
            {'arm': 'suite', 'median ms': milliseconds, 'ratio': 0.16},
            {'arm': 'control', 'median ms': 9.0, 'ratio': 1.0}]}
        return {
            'orders': orders, 'machine': "2 cores", 'goals': {'P2': {
                'title': "Customers", 'commit': "abc1234", 'load': "1.0",
                'clock': "processor time", 'findings': [finding], 'tables': [table],
                'plans': {} if holds else {"three criteria": "Seq Scan on res_partner"}}}}

    def _page(self, *results, **others):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in others.items():
                Path(folder, f'{name}.json').write_text(json.dumps(content))
            for result in results:
                path = Path(folder) / f"results-{result['orders']}.json"
                path.write_text(json.dumps(result))
            return page.write_page(Path(folder)).read_text()

    def test_every_goal_is_told_of_every_size(self):
        text = self._page(self._results(300000, 90.0, False), self._results(30000, 10.0, True))
        self.assertLess(
            text.index("| P2: three criteria | 30,000 | at most 0.2 x | 0.16 x | yes |"),
            text.index("| P2: three criteria | 300,000 | at most 0.2 x | 0.16 x | **no** |"))
        self.assertIn("Why *three criteria* falls short at 300,000 orders", text)
        self.assertIn("Seq Scan on res_partner", text)
        self.assertNotIn("falls short at 30,000", text)

    def test_faults_and_guards_are_told_beside(self):
        finding = {'what': "mails lost", 'promised': "0", 'measured': "2", 'holds': False}
        text = self._page(
            self._results(300, 5.0, True),
            faults={'goals': {'R4': {'dose': 'full', 'findings': [finding]}}},
            mutation={'by kind': {'rule': {'mutants': 3, 'killed': 3}}})
        self.assertIn("| R4: mails lost | full dose | 0 | 2 | **no** |", text)
        self.assertIn("a test misses, rule |  | all | 3 of 3 | yes |", text)

    def test_what_tests_keep_is_told_with_tests_that_are_there(self):
        text = self._page(self._results(300, 5.0, True))
        self.assertIn("| S4 | every public method", text)
        named = re.findall(r'\]\(\.\./\.\./([^)]+)\)', text)
        self.assertGreater(len(named), 8)
        for path in named:
            with self.subTest(path=path):
                self.assertTrue((ROOT / path).exists())

    def test_growth_leaves_the_control_out(self):
        goal = self._results(300, 5.0, True)['goals']['P2']
        self.assertEqual(page.growth([(300, goal)]), {"Find | all": {300: {'suite': 5.0}}})
        self.assertEqual(doctest.testmod(page).failed, 0)
