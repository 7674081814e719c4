import base64
import io

import openpyxl

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.crm_roles.tests.mixins import PeopleMixin, StatementsMixin

ROLES = [
    'marketing_manager', 'sales_manager', 'account_representative', 'service_supervisor',
    'order_manager']


class ProspectCommon(PeopleMixin, StatementsMixin, BaseCommon):
    """Files of prospects, as the marketing manager uploads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls._create_users(*ROLES)
        cls.acorn, cls.birch = cls.env['res.partner'].create([
            {'name': name, 'is_company': True, 'email': email} for name, email in (
                ("Acorn Joinery", 'acorn@example.com'), ("Birch & Sons", 'birch@example.com'))])
        cls.env.company.country_id = cls.env.ref('base.ie')
        cls.imports = cls.env['crm.prospect.import'].with_user(cls.roles['marketing_manager'])
        cls.rows = cls.env['crm.prospect.row'].with_user(cls.roles['marketing_manager'])

    def _upload(self, content, name='prospects.csv', **values):
        """Return the import of a file, whose text is encoded unless it is bytes."""
        content = content.encode() if isinstance(content, str) else content
        return self.imports.create(
            {'file': base64.b64encode(content), 'file_name': name, **values})

    def _read(self, content, *args, **values):
        """Return the rows of a file that was read."""
        upload = self._upload(content, *args, **values)
        upload.action_read()
        return upload.row_ids

    @classmethod
    def _workbook(cls, **sheets):
        """Return a workbook.

        :param sheets: lists of lines by their names; what is a string in it is an area to join
        """
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, lines in sheets.items():
            sheet = book.create_sheet(name)
            for line in lines:
                if isinstance(line, str):
                    sheet.merge_cells(line)
                else:
                    sheet.append(line)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def _columns(self, upload):
        return [column.field or '' for column in upload.column_ids.sorted('place')]
