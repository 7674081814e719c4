"""PDFs written one after the other into one file, with no more of them in memory than one.

Odoo's own merging keeps all pages as objects and compares each with all others: it takes minutes
for ten thousand pages, and this takes seconds. Nothing here knows the ORM.
"""

import io

from odoo.tools.pdf import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfFileReader,
)

CATALOG, PAGES = 1, 2


def join(parts, target):
    """Write PDFs into one.

    :param parts: the contents of the PDFs (bytes), in their order; each is dropped when written
    :param target: the file to write to, opened for bytes
    :return: how many pages it has
    :rtype: int
    """
    joined = _Joined(target)
    for part in parts:
        joined.add(part)
    return joined.close()


class _Joined:
    """A PDF that is being written: where its objects begin, and which of them are pages."""

    def __init__(self, target):
        self.target = target
        self.target.write(b'%PDF-1.4\n')
        self.offsets = {}
        self.last = PAGES
        self.pages = []

    def add(self, part):
        """Write the pages of a PDF with all that they need."""
        reader = PdfFileReader(io.BytesIO(part), strict=False)
        numbers, waiting = {}, []

        def number_of(reference):
            key = reference.idnum, reference.generation
            if key not in numbers:
                numbers[key] = self._next_number()
                waiting.append((numbers[key], reference))
            return numbers[key]

        for page in reader.pages:
            number = self._next_number()
            self.pages.append(number)
            page[NameObject('/Parent')] = IndirectObject(PAGES, 0, None)
            self._write(number, page, number_of)
            while waiting:
                number, reference = waiting.pop()
                self._write(number, reader.get_object(reference), number_of)

    def close(self):
        """Write what holds the pages together."""
        self._write(PAGES, DictionaryObject({
            NameObject('/Type'): NameObject('/Pages'),
            NameObject('/Count'): NumberObject(len(self.pages)),
            NameObject('/Kids'): ArrayObject(
                IndirectObject(number, 0, None) for number in self.pages)}))
        self._write(CATALOG, DictionaryObject({
            NameObject('/Type'): NameObject('/Catalog'),
            NameObject('/Pages'): IndirectObject(PAGES, 0, None)}))
        start = self.target.tell()
        self.target.write(b'xref\n0 %d\n0000000000 65535 f \n' % (self.last + 1))
        for number in range(1, self.last + 1):
            self.target.write(b'%010d 00000 n \n' % self.offsets[number])
        self.target.write(
            b'trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n'
            % (self.last + 1, CATALOG, start))
        return len(self.pages)

    def _next_number(self):
        self.last += 1
        return self.last

    def _write(self, number, content, number_of=None):
        self.offsets[number] = self.target.tell()
        self.target.write(b'%d 0 obj\n' % number)
        _renumbered(content, number_of).write_to_stream(self.target, None)
        self.target.write(b'\nendobj\n')


def _renumbered(content, number_of):
    """Return a part of a PDF whose references lead to where they are written now."""
    if isinstance(content, IndirectObject):
        # (Those to the tree of pages have no document.)
        return content if content.pdf is None else IndirectObject(number_of(content), 0, None)
    if isinstance(content, DictionaryObject):
        for key in content:
            content[key] = _renumbered(content.raw_get(key), number_of)
    elif isinstance(content, ArrayObject):
        content[:] = [_renumbered(item, number_of) for item in list.__iter__(content)]
    return content
