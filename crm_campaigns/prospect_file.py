"""Read tables from files as they come: no database, no Odoo records."""

import codecs
import csv
import io
import re
from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

import chardet
import openpyxl

SEPARATORS = ';,\t|'
# A quotation mark that is not closed within so many lines was meant to be read as it stands.
MAX_SPAN = 20
# Lines that are looked at to find out how a file is made.
SAMPLE = 50
MAX_LINES = 100_000
MARKS = [
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF32_LE, 'utf-32'), (codecs.BOM_UTF32_BE, 'utf-32'),
    (codecs.BOM_UTF16_LE, 'utf-16'), (codecs.BOM_UTF16_BE, 'utf-16')]
NAMED_SEPARATOR = re.compile(r'^sep=(.)\s*$', re.IGNORECASE)
CONTROL = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')


class UnreadableFile(ValueError):
    """Why a file cannot be read: `empty`, `encoding`, `long` or `format`."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Line(NamedTuple):
    """One line of a table: its number in the file, its cells, and what is wrong with it."""

    number: int
    cells: list
    problem: str = ''


def is_workbook(content):
    """Tell whether a file is one of those that are a packed folder, as XLSX is.

    >>> is_workbook(b'PK\\x03\\x04...'), is_workbook(b'Name;City')
    (True, False)
    """
    return content.startswith(b'PK\x03\x04')


def encoding_of(content):
    """Return in which character set a text is: what it says itself, else what it looks like.

    >>> encoding_of(codecs.BOM_UTF8 + b'Name'), encoding_of("Müller".encode())
    ('utf-8-sig', 'utf-8')
    >>> encoding_of("Name;Ort\\nJörg Müller;Köln\\nGünther Groß;Nürnberg".encode('cp1252'))
    'windows-1252'
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    try:
        content.decode('utf-8')
        return 'utf-8'
    except UnicodeDecodeError:
        return (chardet.detect(content[:200_000])['encoding'] or 'windows-1252').lower()


def decoded(content, encoding):
    """Return a text in a character set.

    :raise UnreadableFile: when it is not in it

    >>> decoded(codecs.BOM_UTF8 + b'Name', 'utf-8')
    'Name'
    >>> decoded("Müller".encode('cp1252'), 'utf-8')
    Traceback (most recent call last):
    ...
    odoo.addons.crm_campaigns.prospect_file.UnreadableFile: encoding
    """
    try:
        return content.decode(encoding).removeprefix('\ufeff')
    except (LookupError, ValueError):
        raise UnreadableFile('encoding') from None


def separator_of(text):
    """Return what separates the cells: what makes most lines of a file alike and wide.

    >>> separator_of("Name;City\\nAnn, Ltd;Cork"), separator_of("a|b\\nc|d"), separator_of("Ann")
    (';', '|', ',')
    >>> separator_of("sep=\\t\\nName\\tCity")
    '\\t'
    """
    lines = text.splitlines()[:SAMPLE]
    if lines and (named := NAMED_SEPARATOR.match(lines[0])):
        return named[1]

    def score(separator):
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if cells)
        width, count = max(
            widths.items(), key=lambda item: (item[0] - 1) * item[1], default=(1, 0))
        return (width - 1) * count

    best = max(SEPARATORS, key=score)
    return best if score(best) else ','


def csv_lines(text, separator):
    """Return the lines of a text that are not empty.

    A quotation mark that is never closed spoils its own line only.

    :param str separator: between the cells
    :rtype: list[Line]

    >>> csv_lines('a;"b\\nc"\\n\\nd;e', ';')
    [Line(number=1, cells=['a', 'b\\nc'], problem=''), Line(number=4, cells=['d', 'e'], problem='')]
    >>> csv_lines('a;"b\\nc;d', ';')  # doctest: +NORMALIZE_WHITESPACE
    [Line(number=1, cells=['a', '"b'], problem='quote'),
     Line(number=2, cells=['c', 'd'], problem='')]
    >>> csv_lines('sep=;\\na;5" pipe', ';')
    [Line(number=2, cells=['a', '5" pipe'], problem='')]
    """
    physical = list(io.StringIO(CONTROL.sub('', text), newline=''))
    lines, place = [], 1 if physical and NAMED_SEPARATOR.match(physical[0]) else 0
    while place < len(physical):
        cells, used, problem = _record(physical[place:place + MAX_SPAN], separator)
        if any(cell.strip() for cell in cells):
            lines.append(Line(place + 1, [cell.strip() for cell in cells], problem))
        place += used
    return _checked(lines)


def _record(lines, separator):
    """Return the cells of the first record of some lines, how many it takes, and its problem."""
    reader = csv.reader(lines, delimiter=separator)
    try:
        cells = next(reader)
        if reader.line_num > 1 or len(lines) == 1:
            next(csv.reader(lines[:reader.line_num], delimiter=separator, strict=True))
        return cells, reader.line_num, ''
    except csv.Error as error:
        if 'unexpected end' not in str(error) and reader.line_num == 1:
            return cells, 1, ''
    return lines[0].rstrip('\r\n').split(separator), 1, 'quote'


def _checked(lines):
    if not lines:
        raise UnreadableFile('empty')
    if len(lines) > MAX_LINES:
        raise UnreadableFile('long')
    return lines


def sheet_names(content):
    """Return the names of the sheets of a workbook.

    :raise UnreadableFile: when it is none
    """
    return _workbook(content, read_only=True).sheetnames


def sheet_lines(content, name=None):
    """Return the lines of a sheet that are not empty.

    What is joined over several lines is in each of them. A formula counts for what it gave when
    the file was saved.

    :param str name: of the sheet; the first that is not empty if it is not given
    :rtype: list[Line]
    :raise UnreadableFile: when there is nothing in it
    """
    written = _workbook(content)
    if name and name not in written.sheetnames:
        raise UnreadableFile('empty')
    name = name or next(
        (sheet.title for sheet in written.worksheets if _lines_of(sheet, sheet)),
        written.sheetnames[0])
    sheet = written[name]
    known = sheet
    if any(cell.data_type == 'f' for row in sheet.iter_rows() for cell in row):
        known = _workbook(content, data_only=True)[name]
    return _checked(_lines_of(sheet, known))


def _workbook(content, **options):
    try:
        return openpyxl.load_workbook(io.BytesIO(content), **options)
    except Exception:
        # What is raised about bytes that are no workbook, or one with a password, is anybody's
        # guess.
        raise UnreadableFile('format') from None


def _lines_of(sheet, known):
    joined = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row + 1, area.max_row + 1):
            joined[row, area.min_col] = known.cell(area.min_row, area.min_col).value
    return [
        Line(number, cells) for number, row in enumerate(sheet.iter_rows(), 1)
        if any(cells := [
            cell_text(joined.get((number, column), _value(cell, known)))
            for column, cell in enumerate(row, 1)])]


def _value(cell, known):
    if cell.data_type != 'f':
        return cell.value
    value = known.cell(cell.row, cell.column).value
    return cell.value if value is None else value


def cell_text(value):
    """Return the text of a cell of a sheet.

    >>> cell_text(4.0), cell_text(1.5), cell_text(None), cell_text(datetime(2026, 1, 5))
    ('4', '1.5', '', '2026-01-05')
    """
    if value is None:
        return ''
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return CONTROL.sub('', str(value)).strip()
