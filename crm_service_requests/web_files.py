"""What files somebody may send by a form of the website."""

import re
from pathlib import PurePosixPath

from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.osutil import clean_filename

MAX_FILES = 10
MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_TOTAL_SIZE = 25 * 1024 * 1024
NAME_SIZE = 100
# By the ending of the name: how the content must look, as far as that can be told.
ALLOWED = {
    **dict.fromkeys(['pdf'], r'application/pdf'),
    **dict.fromkeys(['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'tif', 'tiff', 'heic'],
                    r'image/(?!svg).*|application/octet-stream'),
    **dict.fromkeys(['txt', 'csv', 'log', 'eml'],
                    r'text/(?!html|x-shellscript).*|message/.*|application/(csv|x-empty)'),
    **dict.fromkeys(['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'odt', 'ods', 'odp', 'rtf'],
                    r'application/(vnd\.|msword|zip|CDFV2|x-ole|octet-stream).*|text/rtf'),
    **dict.fromkeys(['mp4', 'mov', 'webm', 'mp3', 'm4a', 'wav'],
                    r'(video|audio)/.*|application/octet-stream'),
}


class Refused(ValueError):
    """A file that is not taken: `too_many`, `too_big`, `wrong_type`, with its name."""


def safe_name(name):
    """Return the name of a file without the folders, and harmless on every computer.

    >>> safe_name('../../etc/pass wd.txt'), safe_name('C:\\\\x\\\\Rückgabe.pdf')
    ('pass wd.txt', 'Rückgabe.pdf')
    >>> safe_name('.bashrc'), safe_name('a\\x00b<c>.png'), safe_name('')
    ('bashrc', 'abc.png', 'Untitled')
    >>> len(safe_name('x' * 500 + '.pdf'))
    100
    """
    path = PurePosixPath(clean_filename(name.replace('\\', '/').rsplit('/', 1)[-1]))
    return path.stem[:NAME_SIZE - len(path.suffix[:10])] + path.suffix[:10]


def is_allowed(name, content):
    """Tell whether a file is of a sort that is taken, by its name and by its content.

    >>> is_allowed('a.pdf', b'%PDF-1.4 '), is_allowed('a.PDF', b'MZ' + bytes(99))
    (True, False)
    >>> is_allowed('setup.exe', b'MZ'), is_allowed('a.pdf.exe', b'%PDF-1.4 ')
    (False, False)
    >>> is_allowed('page.txt', b'<html><script></script></html>')
    False
    """
    pattern = ALLOWED.get(PurePosixPath(name).suffix.lower().lstrip('.'))
    return bool(pattern and re.fullmatch(pattern, guess_mimetype(content)))


def checked(files):
    """Return files that may be kept.

    :param files: names and contents
    :type files: Iterable[tuple[str, bytes]]
    :return: safe names and contents
    :rtype: list[tuple[str, bytes]]
    :raise Refused: if they are too many or too big, or one is not of a sort that is taken
    """
    files = [(safe_name(name), content) for name, content in files]
    if len(files) > MAX_FILES:
        raise Refused('too_many', '')
    if sum(len(content) for _name, content in files) > MAX_TOTAL_SIZE:
        raise Refused('too_big', '')
    for name, content in files:
        if len(content) > MAX_FILE_SIZE:
            raise Refused('too_big', name)
        if not is_allowed(name, content):
            raise Refused('wrong_type', name)
    return files
