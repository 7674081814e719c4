"""What the documentation links to is there, and every picture is shown and can be taken again."""

import ast
import re

from common import ROOT

from odoo.tests import BaseCase, tagged

LINK = re.compile(r'\]\(([^)\s]+)\)')
IMAGES = ROOT / 'docs' / 'images'


@tagged('post_install', '-at_install')
class TestDocs(BaseCase):

    def _links(self):
        """Return each text with the files it links to."""
        texts = [*ROOT.glob('*.md'), *ROOT.glob('*/README.md'), *ROOT.glob('docs/**/*.md')]
        for text in texts:
            for link in LINK.findall(text.read_text()):
                if not re.match(r'[a-z]+:', link) and not link.startswith('#'):
                    yield text, (text.parent / link.partition('#')[0]).resolve()

    def test_what_is_linked_is_there(self):
        for text, target in self._links():
            with self.subTest(text=text.name, target=target.name):
                self.assertTrue(target.exists())

    def test_every_picture_is_shown(self):
        shown = {target for _text, target in self._links()}
        self.assertEqual(set(IMAGES.glob('*.png')) - shown, set())

    def test_every_picture_is_in_the_table_and_the_other_way_round(self):
        tree = ast.parse((ROOT / 'scripts' / 'screenshots.py').read_text())
        names = {
            node.args[0].value for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'Picture'}
        self.assertEqual(names, {path.stem for path in IMAGES.glob('*.png')})
