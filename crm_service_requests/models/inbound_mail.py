"""What a mail says of itself, read from its source: no database, no Odoo records."""

import codecs
import hashlib
import mimetypes
import re
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from io import BytesIO
from xmlrpc.client import Binary

from PIL import Image

from odoo.tools.mail import email_normalize, email_split_tuples
from odoo.tools.mimetypes import guess_mimetype

# What an index of the database can hold, with room to spare.
MAX_ID_LENGTH = 900
HEAD_END = re.compile(rb'\r?\n\r?\n')
# Mail folders put this line, which is no header, before a message.
FOLDER_LINE = re.compile(rb'\A>?From [^\n]*\n')
PICTURES = {'image/gif', 'image/jpeg', 'image/png', 'image/webp', 'image/bmp'}
AUTOMATIC_HEADERS = ('X-Autoreply', 'X-Autorespond', 'X-Autoresponder', 'X-Auto-Reply')
LIST_HEADERS = ('List-Id', 'List-Post', 'List-Unsubscribe')
MACHINES = re.compile(
    r'^(mailer-daemon|postmaster|bounces?|no-?reply|do-?not-?reply|ne-?pas-?repondre|keine-?antwort)'
    r'([-+._].*)?@', re.IGNORECASE)
FORWARDED_SENDER = re.compile(
    r'^[\s>*_]*(?:From|Von|De|Da|Van|Od|От|Från|Fra|Lähettäjä)[\s*_]*:[\s*_]*(?P<sender>\S.*)$',
    re.IGNORECASE | re.MULTILINE)
FORWARDED_REST = re.compile(
    r'^[\s>*_]*(?:Date|Sent|To|Subject|Datum|Gesendet|An|Betreff|Envoyé|À|Objet|Fecha|Enviado|Para'
    r'|Asunto|Data|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp|Wysłano|Do|Temat|Дата|Отправлено'
    r'|Кому|Тема|Skickat|Till|Ämne|Sendt|Til|Emne)[\s*_]*:', re.IGNORECASE | re.MULTILINE)
FORWARD_PREFIX = re.compile(r'^\s*(?:(?:fwd?|wg|tr|rv|doorst|i|vb|vs)\s*:\s*)+', re.IGNORECASE)


def mail_source(message):
    """Return the source of a mail with an identifier: its own, or one of what it says.

    So a mail without an identifier that is delivered twice is known again.

    :param message: the source as the gateway hands it over, a `bytes`, `str` or XML-RPC binary
    :rtype: bytes

    >>> mail_source('Message-Id: <a@b>\\n\\nHello')
    b'Message-Id: <a@b>\\n\\nHello'
    >>> mail_source(b'Subject: x\\n\\nHello')[:24]
    b'Message-Id: <cb0af31a171'
    >>> mail_source(b'From me Mon Jan 5\\nMessage-Id: <a@b>\\n\\nHello')
    b'Message-Id: <a@b>\\n\\nHello'
    """
    if isinstance(message, Binary):
        message = message.data
    if isinstance(message, str):
        message = message.encode()
    source = FOLDER_LINE.sub(b'', bytes(message))
    if 0 < len(message_id(source)) <= MAX_ID_LENGTH:
        return source
    digest = hashlib.sha256(source).hexdigest()
    return b'Message-Id: <%s@without.message-id>\r\n' % digest.encode() + source


def headers_of(source):
    """Return the headers of a mail.

    :param bytes source: the mail
    :rtype: email.message.EmailMessage
    """
    return BytesHeaderParser(policy=SMTP).parsebytes(HEAD_END.split(source, maxsplit=1)[0])


def message_id(source):
    """Return the identifier of a mail, empty if it has none.

    :param bytes source: the mail
    :rtype: str

    >>> message_id(b'Message-ID:\\n <a@b>\\n\\nHello')
    '<a@b>'
    """
    return str(headers_of(source).get('Message-Id') or '').strip()


def header(message, name):
    """Return a header as one line of small letters, empty if it is missing."""
    return ' '.join(str(message.get(name) or '').split()).lower()


def mail_of(**headers):
    """Return a mail with these headers, for the examples below.

    :rtype: email.message.EmailMessage
    """
    message = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        message[name.replace('_', '-')] = value
    return message


def is_automatic(message):
    """Tell whether a machine wrote the mail: its words are nobody's.

    :param message: an `email.message.EmailMessage`
    :rtype: bool

    >>> is_automatic(mail_of(Auto_Submitted='auto-generated'))
    True
    >>> is_automatic(mail_of(Precedence='Auto_Reply'))
    True
    >>> is_automatic(mail_of(Return_Path='<>'))
    True
    >>> is_automatic(mail_of(Auto_Submitted='no', Precedence='list'))
    False
    """
    return (
        header(message, 'Auto-Submitted') not in ('', 'no')
        or any(name in message for name in AUTOMATIC_HEADERS)
        or header(message, 'Precedence') == 'auto_reply'
        or header(message, 'Return-Path') == '<>')


def is_auto_reply(message):
    """Tell whether a machine answers with this mail, for instance because somebody is away.

    :param message: an `email.message.EmailMessage`
    :rtype: bool

    >>> is_auto_reply(mail_of(Auto_Submitted='auto-replied (vacation)'))
    True
    >>> is_auto_reply(mail_of(Auto_Submitted='auto-generated'))
    False
    """
    return is_automatic(message) and (
        not header(message, 'Auto-Submitted').startswith('auto-generated')
        or header(message, 'Return-Path') == '<>'
        or 'In-Reply-To' in message)


def wants_no_answer(message):
    """Tell whether an answer by a machine would annoy, or go around in circles.

    :param message: an `email.message.EmailMessage`
    :rtype: bool

    >>> wants_no_answer(mail_of(From='No Reply <no-reply@shop.example>'))
    True
    >>> wants_no_answer(mail_of(From='ann@shop.example', List_Id='<staff.shop.example>'))
    True
    >>> wants_no_answer(mail_of(From='ann@shop.example'))
    False
    """
    sender = email_normalize(str(message.get('From') or ''), strict=False) or ''
    return (
        is_automatic(message)
        or header(message, 'Precedence') in ('bulk', 'list', 'junk')
        or any(name in message for name in LIST_HEADERS)
        or 'X-Auto-Response-Suppress' in message
        or bool(MACHINES.match(sender)))


def is_forged(message):
    """Tell whether the mail server that took the mail in found that its sender is another one.

    Only the uppermost result counts: those below it came with the mail. One that says that all is
    well is worth nothing, so nothing is gained by inventing one.

    :param message: an `email.message.EmailMessage`
    :rtype: bool

    >>> is_forged(mail_of(Authentication_Results='mx.example; spf=fail; dmarc=fail'))
    True
    >>> is_forged(mail_of(Authentication_Results='mx.example; spf=fail; dkim=pass'))
    False
    >>> is_forged(mail_of())
    False
    """
    results = dict(re.findall(
        r'\b(dmarc|spf|dkim)\s*=\s*(\w+)', header(message, 'Authentication-Results')))
    if 'dmarc' in results:
        return results['dmarc'] == 'fail'
    return results.get('spf') == 'fail' and results.get('dkim') != 'pass'


def with_line_breaks(html):
    """Return HTML whose quotations are broken into lines when it is made plain text.

    >>> with_line_breaks('<div data-o-mail-quote="1">From: Ann<br data-o-mail-quote="1"></div>')
    '<div>From: Ann<br></div>'
    """
    return re.sub(r' data-o-mail-quote[\w-]*="[^"]*"', '', html)


def forwarded_sender(text):
    """Return who wrote the mail that another one forwards.

    :param str text: what the forwarding mail says, as plain text
    :return: name and address, or nothing if no header of a forwarded mail can be read
    :rtype: tuple[str, str] | None

    >>> forwarded_sender("Hi\\n> Von: Ann Smith [mailto:ann@acorn.example]\\n> Gesendet: heute")
    ('Ann Smith', 'ann@acorn.example')
    >>> forwarded_sender("*From:* Ann Smith <ann@acorn.example>\\n*Date:* today")
    ('Ann Smith', 'ann@acorn.example')
    >>> forwarded_sender("The letter\\nfrom: ann@acorn.example\\nis here.")
    """
    for match in FORWARDED_SENDER.finditer(text):
        following = '\n'.join(text[match.end():].lstrip('\n').split('\n')[:5])
        sender = re.sub(r'\[?mailto:([^\]\s>]+)\]?', r'<\1>', match['sender']).replace('*', '')
        sender = sender.replace('< ', '<').replace(' >', '>')
        found = [pair for pair in email_split_tuples(sender) if email_normalize(pair[1])]
        if found and FORWARDED_REST.search(following):
            name, address = found[0]
            return name.strip(' "\''), email_normalize(address)
    return None


def without_forward_prefix(subject):
    """Return a subject without what a mail program puts before it on forwarding.

    >>> without_forward_prefix("Fwd: WG: The bench")
    'The bench'
    """
    return FORWARD_PREFIX.sub('', subject)


def subject_words(subject):
    """Return the words of a subject that may be registration numbers, in their order.

    :param str subject: the subject of a mail
    :rtype: list[str]

    >>> subject_words("Re: [inf/2026/00012] broken, see #WAR-2/2026/00003.")
    ['INF/2026/00012', 'WAR-2/2026/00003']
    """
    words = re.split(r'[\s\[\](){}<>"\',;:#|]+', subject)
    return [
        word for word in (word.strip('.!?*_').upper() for word in words)
        if '/' in word and any(letter.isdigit() for letter in word)]


def is_broken_image(name, content):
    """Tell whether a file goes by the name of a picture, or begins like one, and is none.

    :param str name: the name of the file
    :param bytes content: the file
    :rtype: bool

    >>> is_broken_image('bench.png', b'no picture')
    True
    >>> is_broken_image('bench.txt', b'a text')
    False
    """
    if not {mimetypes.guess_type(name or '')[0], guess_mimetype(content)} & PICTURES:
        return False
    try:
        Image.open(BytesIO(content))
    except Exception:
        # What a library for pictures raises about bytes that are none is anybody's guess.
        return True
    return False


def mend_charsets(message):
    """Give the texts of a mail a character set that exists, and in which they can be read.

    :param message: an `email.message.EmailMessage`, which is changed

    >>> message = EmailMessage(policy=SMTP)
    >>> message.set_content("Grüße", charset='iso-8859-1')
    >>> message.set_param('charset', 'x-no-such')
    >>> mend_charsets(message)
    >>> message.get_content()
    'Grüße\\n'
    >>> from email import message_from_string
    >>> message = message_from_string('Content-Type: text/plain; charset="\\n\\nHello', policy=SMTP)
    >>> mend_charsets(message)
    >>> message.get_content()
    'Hello'
    """
    for part in message.walk():
        if part.get_content_maintype() == 'text' and not part.is_multipart() and not _is_readable(
                part, _charset(part)):
            part.del_param('charset')
            part.set_param('charset', next(
                charset for charset in ('utf-8', 'windows-1252')
                if _is_readable(part, charset)))


def _charset(part):
    """Return the character set of a text: empty if it names none, though it says that it does."""
    return '' if part.get_param('charset') == '' else part.get_content_charset('utf-8')


def _is_readable(part, charset):
    """Tell whether a text is in a character set; in rare ones a few wrong bytes are put up with."""
    try:
        if codecs.lookup(charset).name not in ('ascii', 'utf-8'):
            return True
        (part.get_payload(decode=True) or b'').decode(charset)
    except (LookupError, ValueError):
        return False
    return True
