"""Each addon as others get it: a wheel, in a database that has lived, upgraded, and gone again."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

from common import ADDONS, MANIFESTS, ROOT, cloned_database

import odoo.release
from odoo.tests import BaseCase, tagged
from odoo.tools import config

COMPLAINT = re.compile(r'^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*', re.MULTILINE)


def run(*command, **options):
    """Run a command, and fail with what it said."""
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options)
    if result.returncode:
        raise AssertionError(f"{command[0]} failed:\n{result.stdout}\n{result.stderr}")
    return result.stdout + result.stderr


@tagged('post_install', '-at_install')
class TestPackaging(BaseCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.order = run(sys.executable, ROOT / 'scripts' / 'addons.py').split()
        cls.wheels = cls._build_wheels()
        cls.python = cls._make_environment()
        cls.report, cls.log = cls._live_through()

    @classmethod
    def _build_wheels(cls):
        """Build from copies, because a checkout leaves out what git does not know yet."""
        ignored = shutil.ignore_patterns('__pycache__', '*.pyc')
        for addon in ADDONS:
            shutil.copytree(ROOT / addon, cls.folder / 'source' / addon, ignore=ignored)
        run(sys.executable, '-m', 'pip', 'wheel', '-q', '--no-build-isolation', '--no-deps',
            '--no-index', '--wheel-dir', cls.folder / 'wheels',
            *(cls.folder / 'source' / addon for addon in ADDONS))
        return {
            addon: next((cls.folder / 'wheels').glob(f'odoo_addon_{addon}-*.whl'))
            for addon in ADDONS
        }

    @classmethod
    def _make_environment(cls):
        """Make an environment that has Odoo and its libraries, and of our addons the wheels."""
        python = cls.folder / 'venv' / 'bin' / 'python'
        run(sys.executable, '-m', 'venv', '--without-pip', cls.folder / 'venv')
        packages = Path(run(
            python, '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))').strip())
        odoo_root = Path(odoo.release.__file__).parent.parent
        (packages / 'main.pth').write_text(f'{sysconfig.get_path("purelib")}\n{odoo_root}\n')
        run(sys.executable, '-m', 'pip', '--python', python, 'install', '-q', '--no-deps',
            '--no-index', *cls.wheels.values())
        return python

    @classmethod
    def _live_through(cls):
        """Install, upgrade and uninstall the addons; return the report and Odoo's log."""
        environ = {name: value for name, value in os.environ.items() if name[:5] != 'ODOO_'}
        with cloned_database(os.environ['CRM_STOCK_TEMPLATE'], 'packaging') as database:
            log = run(
                cls.python, '-W', 'ignore::DeprecationWarning', '-m', 'odoo', 'shell',
                '-d', database, '--no-http', '--log-level=warn',
                input=(Path(__file__).parent / 'packaging_shell.py').read_text(), cwd=cls.folder,
                env=environ | {
                    'ODOO_RC': config['config'],
                    'ADDONS': ' '.join(cls.order),
                    'REPORT': str(cls.folder / 'report.json'),
                })
        return json.loads((cls.folder / 'report.json').read_text()), log

    def test_a_wheel_holds_every_file_of_its_addon(self):
        for addon, wheel in self.wheels.items():
            with self.subTest(addon=addon):
                source = self.folder / 'source' / addon
                expected = {
                    f'odoo/addons/{addon}/{path.relative_to(source)}'
                    for path in source.rglob('*')
                    if path.is_file() and path.name != 'pyproject.toml'
                }
                self.assertLessEqual(expected, set(zipfile.ZipFile(wheel).namelist()))

    def test_a_wheel_says_its_version_and_what_it_needs(self):
        for addon, wheel in self.wheels.items():
            with self.subTest(addon=addon):
                archive = zipfile.ZipFile(wheel)
                name = next(name for name in archive.namelist() if name.endswith('/METADATA'))
                metadata = HeaderParser().parsestr(archive.read(name).decode())
                self.assertEqual(metadata['Version'], MANIFESTS[addon]['version'])
                self.assertEqual(metadata['License'], 'LGPL-3')
                self.assertEqual(set(metadata.get_all('Requires-Dist')), {
                    f'odoo-addon-{depend}==19.0.*'
                    for depend in MANIFESTS[addon]['depends'] if depend in ADDONS
                } | {'odoo==19.0.*'})

    def test_each_addon_is_found_where_pip_has_put_it(self):
        for addon, path in self.report['paths'].items():
            with self.subTest(addon=addon):
                self.assertTrue(Path(path).is_relative_to(self.folder / 'venv'), path)

    def test_each_addon_installs_beside_nothing_but_what_it_needs(self):
        for addon, others in self.report['beside'].items():
            with self.subTest(addon=addon):
                self.assertFalse(others)

    def test_installing_computes_what_history_needs(self):
        self.assertFalse(self.report['stale'])

    def test_upgrading_over_itself_changes_nothing(self):
        self.assertFalse(self.report['upgrade'])

    def test_uninstalling_leaves_nothing_behind(self):
        self.assertFalse(self.report['uninstall'])
        for addon, left in self.report['left'].items():
            with self.subTest(addon=addon):
                self.assertFalse(left)

    def test_history_is_as_it_was(self):
        self.assertFalse(self.report['history'])

    def test_odoo_has_nothing_to_complain_of(self):
        self.assertFalse([match.group() for match in COMPLAINT.finditer(self.log)])
