"""Who is offered which menu, action and report, as a table that a person can check.

`screen_matrix.csv` has a row per menu and action of ours. Where it names groups, only these are
offered it; an x stands below those people to whom it is. After a change that is meant:

    UPDATE_SCREEN_MATRIX=1 scripts/test tests/test_screen_matrix.py
    git diff tests/screen_matrix.csv
"""

from pathlib import Path

from common import ADDONS
from tables import TableCase

from odoo.tests import tagged

KINDS = [
    'ir.ui.menu', 'ir.actions.act_window', 'ir.actions.client', 'ir.actions.report',
    'ir.actions.server', 'ir.actions.act_url']


@tagged('post_install', '-at_install')
class TestScreenMatrix(TableCase):

    table, update = Path(__file__).with_name('screen_matrix.csv'), 'UPDATE_SCREEN_MATRIX'
    keys = ('addon', 'kind', 'name')

    @classmethod
    def _facts(cls):
        references = cls.env['ir.model.data'].search([
            ('module', 'in', ADDONS), ('model', 'in', KINDS)])
        for reference in references:
            screen = cls.env[reference.model].browse(reference.res_id).exists()
            if not screen or (reference.model == 'ir.actions.server' and screen.usage == 'ir_cron'):
                continue
            groups = screen.group_ids if 'group_ids' in screen else cls.env['res.groups']
            yield {
                'addon': reference.module, 'kind': reference.model, 'name': reference.name,
                'groups': ' '.join(sorted(groups.get_external_id().values())),
                **{person: 'x' if not groups or groups & user.all_group_ids else ''
                   for person, user in cls.people.items()}}

    def test_every_screen_is_offered_to_whom_the_table_says(self):
        self._compare()
