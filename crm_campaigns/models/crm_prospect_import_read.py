import base64
import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..prospect_columns import plain
from ..prospect_file import (
    Line,
    UnreadableFile,
    cell_text,
    csv_lines,
    decoded,
    encoding_of,
    separator_of,
    sheet_lines,
    sheet_names,
)

_logger = logging.getLogger(__name__)
MAX_BYTES = 25 * 1024 ** 2


class CrmProspectImport(models.Model):
    """How the lines of a file are read, as it was said of its columns."""

    _inherit = 'crm.prospect.import'
    _lines_in_a_batch = 1000

    def _content(self):
        """Return the file.

        :rtype: bytes
        """
        return base64.b64decode(self.with_context(bin_size=False).file or b'')

    def _guess_format(self):
        """Return how the file seems to be written.

        :rtype: dict
        """
        content = self._content()
        if self.kind != 'csv' or not content:
            return {'encoding': False, 'separator': False, 'sheet': False}
        encoding = encoding_of(content)
        known = dict(self._fields['encoding'].selection)
        encoding = encoding if encoding in known else 'windows-1252'
        text = content.decode(encoding, errors='replace')
        separator = separator_of(text.removeprefix('\ufeff'))
        known = dict(self._fields['separator'].selection)
        return {
            'encoding': encoding, 'separator': separator if separator in known else ',',
            'sheet': False}

    def _sheet_names(self):
        try:
            return sheet_names(self._content())
        except UnreadableFile:
            return []

    def _lines(self):
        """Return all lines of the file, each with its number.

        :rtype: list[Line]
        :raise UserError: when it cannot be read
        """
        key = (
            'crm.prospect.import', self._content(), self.kind, self.encoding, self.separator,
            self.sheet)
        cache = self.env.cr.cache
        if key not in cache:
            cache[key] = self._parse()
        return cache[key]

    def _parse(self):
        content = self._content()
        if len(content) > MAX_BYTES:
            raise UserError(self.env._(
                "%(file)s is larger than 25 MB. Cut it into parts.", file=self.name))
        try:
            if self.kind == 'xlsx':
                return sheet_lines(content, self.sheet)
            if self.kind == 'other':
                return self._parse_other(content)
            if not content:
                raise UnreadableFile('empty')
            return csv_lines(decoded(content, self.encoding or 'utf-8'), self.separator or ',')
        except UnreadableFile as error:
            raise self._explain(error) from None

    def _parse_other(self, content):
        """Return the lines of a file that Odoo's own import can read."""
        reader = self.env['base_import.import'].create({
            'res_model': 'res.partner', 'file': content, 'file_name': self.file_name})
        try:
            _length, rows = reader._read_file({})
        except Exception:
            # What its libraries raise about bytes they do not understand is anybody's guess.
            raise UnreadableFile('format') from None
        return [Line(place, [*map(cell_text, row)]) for place, row in enumerate(rows, 1)]

    def _lines_or_none(self):
        """Return the lines of the file; none when it cannot be read."""
        try:
            return self._lines() if self._content() else []
        except UserError:
            return []

    def _body(self):
        """Return the lines below the headings.

        :rtype: list[Line]
        :raise UserError: when the file cannot be read
        """
        return [line for line in self._lines() if line.number > self.heading_line]

    def _read_batch(self):
        """Make rows of the next lines that have none.

        :return: whether all lines have been read
        :rtype: bool
        """
        rows = self.env['crm.prospect.row']
        last = rows.search([('import_id', '=', self.id)], order='line DESC', limit=1).line
        lines = [line for line in self._body() if line.number > last]
        columns = self.column_ids.sorted('place')
        names = rows._country_names()
        made = rows.create([
            {'import_id': self.id, 'company_id': self.company_id.id,
             **self._prepare_row(line, columns, names)} for line in lines[:self._lines_in_a_batch]])
        made._find_duplicates()
        if len(lines) > self._lines_in_a_batch:
            return False
        self.state = 'open'
        return True

    def _prepare_row(self, line, columns, countries):
        """Return the values of the row of a line.

        :param Line line: of the file
        :param columns: those of the file, in their order
        :param dict countries: ids of countries by their names
        :rtype: dict
        """
        values, notes = {}, []
        for column, cell in zip(columns, line.cells, strict=False):
            if cell and column.field == 'note':
                notes.append(cell)
            elif cell and column.field:
                values[column.field] = (
                    f"{values[column.field]} {cell}" if column.field in ('name', 'street2')
                    and column.field in values else values.get(column.field) or cell)
        first, last = values.pop('first_name', ''), values.pop('last_name', '')
        values['name'] = values.get('name') or f'{first} {last}'.strip() or False
        mobile = values.pop('mobile', False)
        values.setdefault('phone', mobile)
        return {
            **values, 'origin': 'file', 'line': line.number, 'note': '\n'.join(notes) or False,
            'country_id': countries.get(plain(values.get('country', ''))),
            'raw': self._raw_text(line.cells, columns),
            'file_problem': self._line_problem(line, columns)}

    @api.model
    def _raw_text(self, cells, columns):
        headings = [column.heading or '' for column in columns]
        headings += [''] * (len(cells) - len(headings))
        return '\n'.join(
            f'{heading}: {cell}' if heading else cell
            for heading, cell in zip(headings, cells, strict=False) if cell)

    def _line_problem(self, line, columns):
        """Return what is wrong with a line as such, not with one of its values."""
        if line.problem == 'quote':
            return self.env._("A quotation mark is not closed.")
        if any(line.cells[len(columns):]):
            return self.env._(
                "The line has %(cells)s cells, but there are %(columns)s columns.",
                cells=len(line.cells), columns=len(columns))
        return False

    @api.model
    def _explain(self, error):
        """Return why a file cannot be read, as a sentence.

        :param UnreadableFile error: what was found
        :rtype: UserError
        """
        return UserError({
            'empty': self.env._("There is nothing in this file or sheet."),
            'encoding': self.env._(
                "The text is not written in this character set. Choose another one."),
            'long': self.env._("The file has more than 100,000 lines. Cut it into parts."),
            'format': self.env._(
                "This is no workbook that can be read, or it has a password. Save it as CSV or "
                "XLSX without one."),
        }[error.reason])

    @api.model
    def _cron_prospects(self):
        """Read files and take over lines that were too many to do at once, batch by batch.

        Each batch is committed, so this may be killed at any moment; scheduled.
        """
        cron = self.env['ir.cron']
        reading = self.search([('state', '=', 'reading')], order='id')
        cron._commit_progress(remaining=len(reading))
        for record in reading:
            done = False
            while not done:
                done = record._read_or_put_off()
                if not cron._commit_progress(int(done)):
                    return
        self.env['crm.prospect.row']._take_queued()

    def _read_or_put_off(self):
        """Read the next lines; a file that cannot be read holds up no other.

        :return: whether there is nothing left to read
        :rtype: bool
        """
        try:
            return self._read_batch()
        except UserError as error:
            self.env.cr.rollback()
            _logger.warning("Import of prospects %s: %s", self.id, error)
            # Whoever uploaded it is shown why, and may change how it is read.
            self.state = 'draft'
            return True
