import io
from datetime import date
from typing import NamedTuple

import xlsxwriter

from odoo.http import content_disposition, request

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
KINDS = {
    'text': {},
    'long': {'text_wrap': True, 'valign': 'top'},
    'day': {'num_format': 'yyyy-mm-dd'},
    'number': {'num_format': '#,##0.##'},
    'money': {'num_format': '#,##0.00'},
    'percent': {'num_format': '0.0'},
}
STYLES = {
    'head': {'bold': True, 'text_wrap': True, 'valign': 'top', 'bottom': 1},
    'bold': {'bold': True},
    'total': {'bold': True, 'top': 1},
}
NUMBERS = {'number', 'money', 'percent'}


def send_workbook(name, write):
    """Return the response with a workbook.

    :param str name: what the file is called, without its ending
    :param write: a function that fills the `xlsxwriter.Workbook` it is given
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {'in_memory': True}) as book:
        write(book)
    return request.make_response(stream.getvalue(), [
        ('Content-Type', XLSX),
        ('Content-Disposition', content_disposition(f'{name}.xlsx')),
    ])


class Column(NamedTuple):
    """A column of a sheet: its title, what is in it (see `KINDS`), and its width in characters."""

    title: str
    kind: str = 'text'
    width: int = 16


class Sheet:
    """A sheet of a workbook, written from the top down: a title, the heads of columns, rows."""

    def __init__(self, book, name, columns):
        """Add a sheet.

        :param book: the `xlsxwriter.Workbook`
        :param str name: at most 31 characters
        :param list[Column] columns: what it has side by side
        """
        self.book, self.columns, self.line = book, columns, 0
        self.sheet = book.add_worksheet(name)
        self.formats = {}
        for number, column in enumerate(columns):
            self.sheet.set_column(number, number, column.width)

    def title(self, title, *lines):
        """Write what the sheet is, and below it what is to be known about it."""
        self.sheet.write_string(0, 0, title, self.book.add_format({'bold': True, 'font_size': 14}))
        for number, text in enumerate(lines, 1):
            self.sheet.write_string(number, 0, text)
        self.line = len(lines) + 2

    def heads(self):
        """Write the heads of the columns, and keep them in sight."""
        for number, column in enumerate(self.columns):
            align = {'align': 'right'} if column.kind in NUMBERS else {}
            self.sheet.write_string(
                self.line, number, column.title, self.book.add_format(STYLES['head'] | align))
        self.first = self.line
        self.line += 1
        self.sheet.freeze_panes(self.line, 0)

    def row(self, values, style=''):
        """Write a row; what is empty stays empty.

        :param values: one for each column; may be fewer
        :param str style: empty, or one of `STYLES`
        """
        for number, (column, value) in enumerate(zip(self.columns, values, strict=False)):
            self._write(number, value, self._format(column.kind, style))
        self.line += 1

    def filters(self):
        """Let who reads the sheet filter what was written since the heads."""
        self.sheet.autofilter(self.first, 0, self.line - 1, len(self.columns) - 1)

    def _write(self, number, value, cell_format):
        if value is None or value is False or value == '':
            self.sheet.write_blank(self.line, number, None, cell_format)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.line, number, value, cell_format)
        elif isinstance(value, str):
            # What people have written is a text, also when it begins like a formula.
            self.sheet.write_string(self.line, number, value, cell_format)
        else:
            self.sheet.write_number(self.line, number, value, cell_format)

    def _format(self, kind, style):
        key = kind, style
        if key not in self.formats:
            self.formats[key] = self.book.add_format(KINDS[kind] | STYLES.get(style, {}))
        return self.formats[key]
