"""Every translation says all that its template asks for, and loses nothing that is filled in."""

import re
from collections import Counter

import polib
from common import ADDONS, ROOT
from lxml import etree

from odoo.tests import BaseCase, tagged

# %s and %(name)s of messages, {name} of links, the expressions of templates, and tags. What stands
# after ||| in a text for callers, and what describes an icon, are words.
PLACEHOLDER = re.compile(
    r'%(?:\(\w+\))?(?:\.\d)?[a-z%]|\{\{[^|}]*|\{\w+\}|<(?:[^>"\']|"[^"]*"|\'[^\']*\')*>')
# What is read, and so is another word in another language.
READ = re.compile(r'text\(\)|@(?:string|title|help|placeholder|alt|aria-label)\b')
WORDS = re.compile(r' (?:title|placeholder|alt|aria-label)="[^"]*"')


def placeholders(text):
    """Return what must stand in a translation of the text, how often."""
    return Counter(WORDS.sub('', found).strip() for found in PLACEHOLDER.findall(text))


@tagged('post_install', '-at_install')
class TestTranslations(BaseCase):

    def _translations(self):
        """Return the addon, the file and its terms, for each translation there is."""
        files = [(addon, path) for addon in ADDONS
                 for path in sorted((ROOT / addon / 'i18n').glob('*.po'))]
        self.assertTrue(files)
        return [(addon, path, polib.pofile(path)) for addon, path in files]

    def test_every_term_of_the_template_is_translated(self):
        for addon, path, translation in self._translations():
            template = polib.pofile(ROOT / addon / 'i18n' / f'{addon}.pot')
            translated = {entry.msgid for entry in translation.translated_entries()}
            with self.subTest(file=path.name, addon=addon):
                self.assertEqual({entry.msgid for entry in template} - translated, set())

    def test_no_placeholder_is_lost(self):
        for addon, path, translation in self._translations():
            for entry in translation:
                with self.subTest(file=path.name, addon=addon, term=entry.msgid):
                    self.assertEqual(placeholders(entry.msgstr), placeholders(entry.msgid))

    def test_space_around_a_term_stays(self):
        for addon, path, translation in self._translations():
            for entry in translation:
                with self.subTest(file=path.name, addon=addon, term=entry.msgid):
                    self.assertEqual(
                        [entry.msgstr[:1].isspace(), entry.msgstr[-1:].isspace()],
                        [entry.msgid[:1].isspace(), entry.msgid[-1:].isspace()])

    def test_nothing_in_a_view_is_looked_for_by_its_words(self):
        files = [path for addon in ADDONS for path in sorted((ROOT / addon).rglob('*.xml'))]
        paths = [(path, found.get('expr')) for path in files
                 for found in etree.parse(path).iter('xpath')]
        self.assertTrue(paths)
        for path, expression in paths:
            with self.subTest(file=path.name, expression=expression):
                self.assertFalse(READ.search(expression), "it is not found in another language")
