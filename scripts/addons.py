"""Print what the manifests of this repository say.

Usage: addons.py            our addons, each after those it depends on
       addons.py stock      the addons of Odoo that ours depend on
       addons.py content    a hash of every file of the addons that a database is made from
       addons.py demo       a hash of every file of the demo data
"""

import ast
import hashlib
import sys
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def manifests():
    """Return the manifest of each of our addons by its name."""
    return {
        path.parent.name: ast.literal_eval(path.read_text())
        for path in sorted(ROOT.glob('*/__manifest__.py'))
    }


def ours():
    """Return the names of our addons, each after those it depends on."""
    depends = {name: manifest['depends'] for name, manifest in manifests().items()}
    return [name for name in TopologicalSorter(depends).static_order() if name in depends]


def stock():
    """Return the names of Odoo's addons that ours depend on."""
    found = manifests()
    depends = {name for manifest in found.values() for name in manifest['depends']}
    return sorted(depends - set(found))


def digest(paths):
    """Return a short hash of the names and contents of `paths`."""
    result = hashlib.sha256()
    for path in sorted(paths):
        result.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return result.hexdigest()[:12]


def files(demo=False):
    """Return the files of our addons that a database is made from, or those of its demo data."""
    found = [ROOT / 'scripts/demo.py'] if demo else []
    for path in (path for name in manifests() for path in (ROOT / name).rglob('*')):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not {'__pycache__', 'tests'} & set(parts):
            if ('demo' in parts) == demo:
                found.append(path)
    return [path for path in found if path.is_file()]


COMMANDS = {
    'ours': lambda: ' '.join(ours()),
    'stock': lambda: ' '.join(stock()),
    'content': lambda: digest(files()),
    'demo': lambda: digest(files(demo=True)),
}

if __name__ == '__main__':
    print(COMMANDS[(sys.argv[1:] or ['ours'])[0]]())
