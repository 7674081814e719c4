"""Bring the translations of addons up to date with their templates; called by `scripts/i18n`.

Usage: translations.py ADDON...      merges i18n/<addon>.pot into each i18n/*.po

Terms that are new are added without a translation, terms that are gone are removed. What is left
to translate is said for each file.
"""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
# Dates would make a change of every call.
DATES = ('POT-Creation-Date', 'PO-Revision-Date')


def merge(addon):
    """Merge the template of an addon into its translations."""
    template = polib.pofile(ROOT / addon / 'i18n' / f'{addon}.pot')
    for path in sorted((ROOT / addon / 'i18n').glob('*.po')):
        translation = polib.pofile(path)
        translation.merge(template)
        for entry in translation.obsolete_entries():
            translation.remove(entry)
        # New terms came at the end: each stands where the template has it.
        order = {entry.msgid: place for place, entry in enumerate(template)}
        translation.sort(key=lambda entry: order[entry.msgid])
        for date in DATES:
            translation.metadata.pop(date, None)
        translation.save(path)
        left = len(translation.untranslated_entries()) + len(translation.fuzzy_entries())
        print(f'{path.relative_to(ROOT)}: {left} terms to translate')


if __name__ == '__main__':
    for name in sys.argv[1:]:
        merge(name)
