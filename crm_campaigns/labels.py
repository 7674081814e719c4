"""Sheets of address labels as PDF, each label where it is on the sheet.

Drawn, not rendered from HTML, which is a millimetre or two off by the last row. Nothing here
knows the ORM.
"""

import io
from dataclasses import dataclass
from functools import cache

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.misc import file_path

FONT = 'crm_labels'
# Latin, Greek and Cyrillic letters.
FONT_FILE = 'web/static/fonts/sign/NotoSans-Reg.ttf'
SMALLEST, STEP = 4.0, 0.5
LEADING = 1.2


@dataclass(frozen=True)
class Sheet:
    """Labels on a page; lengths in millimetres, the size of the font in points."""

    page_width: float
    page_height: float
    columns: int
    rows: int
    label_width: float
    label_height: float
    margin_left: float
    margin_top: float
    pitch_x: float
    pitch_y: float
    padding: float = 3.0
    font_size: float = 10.0

    def place(self, number):
        """Return on which page a label is, and where its upper left corner.

        >>> sheet = Sheet(210, 297, 3, 7, 63.5, 38.1, 7.25, 15.15, 66, 38.1)
        >>> sheet.place(1), sheet.place(3)
        ((0, 7.25, 15.15), (0, 139.25, 15.15))
        >>> sheet.place(4), sheet.place(22)
        ((0, 7.25, 53.25), (1, 7.25, 15.15))

        :param int number: from 1, row by row
        :return: the page, from 0, and the distances from the left and the upper edge
        :rtype: tuple[int, float, float]
        """
        page, place = divmod(number - 1, self.columns * self.rows)
        row, column = divmod(place, self.columns)
        return (
            page, round(self.margin_left + column * self.pitch_x, 3),
            round(self.margin_top + row * self.pitch_y, 3))


def fit(lines, width, height, size):
    """Break lines so that they fit into a label, in smaller letters if they must be.

    >>> fit(["Acorn Joinery", "1 Quay Street"], 60, 30, 10)
    (10, ['Acorn Joinery', '1 Quay Street'])
    >>> fit(["The Amalgamated Joiners of the West"], 35, 30, 10)
    (10, ['The Amalgamated', 'Joiners of the West'])
    >>> fit(["Donaudampfschifffahrtsgesellschaft"], 30, 30, 10)
    (4.5, ['Donaudampfschifffahrtsgesellschaft'])

    :param list lines: of the address
    :param float width: in millimetres
    :param float height: in millimetres
    :param float size: of the letters, in points
    :return: the size of the letters, and the lines
    :rtype: tuple[float, list[str]]
    """
    _load_font()
    while True:
        broken = [part for line in lines for part in simpleSplit(line, FONT, size, width * mm)]
        if size <= SMALLEST or _fits(broken, width, height, size):
            return size, broken
        size -= STEP


def _fits(lines, width, height, size):
    return len(lines) * size * LEADING <= height * mm and all(
        pdfmetrics.stringWidth(line, FONT, size) <= width * mm for line in lines)


@cache
def _load_font():
    pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))


def draw(sheet, addresses, start=1, outlines=False):
    """Return a PDF of labels.

    :param Sheet sheet: what they are printed on
    :param addresses: the lines of each label
    :param int start: the first label of the first page that is left, from 1
    :param bool outlines: draw the edges of the labels, too, to try it on plain paper
    :rtype: bytes
    """
    _load_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(sheet.page_width * mm, sheet.page_height * mm))
    current = 0
    for page, left, top, size, lines in arrange(sheet, addresses, start):
        if page > current:
            canvas.showPage()
            current = page
        first = sheet.page_height - baseline(sheet, top, size, lines)
        text = canvas.beginText((left + sheet.padding) * mm, first * mm)
        text.setFont(FONT, size, size * LEADING)
        text.textLines(lines)
        canvas.drawText(text)
        if outlines:
            canvas.rect(
                left * mm, (sheet.page_height - top - sheet.label_height) * mm,
                sheet.label_width * mm, sheet.label_height * mm)
    canvas.save()
    return buffer.getvalue()


def arrange(sheet, addresses, start=1):
    """Yield of each label its page, its left and upper edge, the size of the letters and the lines.

    :param Sheet sheet: what they are printed on
    :param addresses: the lines of each label
    :param int start: the first label of the first page that is left, from 1
    """
    width, height = (
        sheet.label_width - 2 * sheet.padding, sheet.label_height - 2 * sheet.padding)
    for number, lines in enumerate(addresses, start):
        yield *sheet.place(number), *fit(lines, width, height, sheet.font_size)


def baseline(sheet, top, size, lines):
    """Return how far below the upper edge of the page the first line stands; in the middle of the
    height of the label, all of them.

    :rtype: float
    """
    return top + sheet.label_height / 2 - (len(lines) * LEADING / 2 - 1) * size / mm
