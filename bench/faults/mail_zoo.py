"""Mails of every kind that comes in: good ones, again, broken, huge, by machines, in circles."""

import base64
import random
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

DOMAIN = 'faults.example'
SERVICE, BROKEN, NOBODY = f'service@{DOMAIN}', f'broken@{DOMAIN}', f'nobody@{DOMAIN}'
# So many of a hundred mails are of each kind; the rest are good.
SHARES = {
    'again': 8, 'reply': 10, 'header': 3, 'charset': 3, 'base64': 3, 'anonymous': 3, 'empty': 1,
    'nested': 2, 'huge': 1, 'zero': 1, 'nobody': 2, 'broken': 2, 'automatic': 2, 'bounce': 2,
    'circle': 3, 'picture': 1, 'boundary': 2,
}
# Who writes in circles.
LOOPER = 'machine@loop.example'


@dataclass
class Mail:
    """A mail as it lies in the mailbox, and what kind it is."""

    kind: str
    source: bytes


def make(count, seed, numbers, first=0):
    """Return mails: always the same for a seed.

    :param int seed: of the lot
    :param list numbers: registration numbers of requests that are replied to
    :param int first: number of the first mail, for more of them
    :rtype: list[Mail]
    """
    lot, mails = random.Random(seed + first), []
    kinds = [kind for kind, share in SHARES.items() for _one in range(share)]
    kinds += ['good'] * (100 - len(kinds))
    for place in range(first, first + count):
        kind = lot.choice(kinds)
        if kind == 'again' and mails:
            mails.append(Mail('again', lot.choice(mails).source))
        else:
            mails.append(Mail(kind, MAKERS.get(kind, good)(place, lot, numbers)))
    return mails


def head(place, to=SERVICE, sender=None, subject=None, **others):
    """Return the headers of a mail, as text."""
    headers = {
        'Message-Id': f'<{place}@{DOMAIN}>', 'From': sender or f'Person <p{place}@people.example>',
        'To': to, 'Subject': subject or f'Mail {place}',
        'Date': 'Mon, 05 Jan 2026 10:00:00 +0000', **others}
    return ''.join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items() if value)


def plain(place, body=b'Where is my order?', **others):
    return head(place, **others).encode() + b'\r\n' + body + b'\r\n'


def good(place, lot, numbers):
    return plain(place)


def reply(place, lot, numbers):
    return plain(place, subject=f'Re: [{lot.choice(numbers)}] Mail {place}',
                 sender='Quinn <quinn@people.example>')


def header(place, lot, numbers):
    """Headers cut off, encoded in what does not exist, too long, twice, or without a name."""
    return head(place).encode() + lot.choice([
        b'Subject: =?utf-8?B?broken\r\n', b'From: \xff\xfe <p@people.example>\r\n',
        b'X-Long: ' + b'x' * 5000 + b'\r\n', b'no header at all\r\n',
        b'Content-Type: text/plain; charset\r\n', b'To: <<>>,,;\r\n', b': nothing\r\n',
        b'Date: not today\r\n', b'In-Reply-To: <\r\n', b'References: ' + b'<a@b> ' * 400 + b'\r\n',
    ]) + b'\r\nHello\r\n'


def charset(place, lot, numbers):
    name = lot.choice(['x-no-such', 'utf-8', 'us-ascii', 'utf-16', 'iso-2022-jp', '"', 'utf-7'])
    return (head(place, Content_Type=f'text/plain; charset={name}').encode()
            + b'\r\nGr\xfc\xdfe \x80\xff\r\n')


def truncated(place, lot, numbers):
    """An attachment whose end never came."""
    return (head(place, MIME_Version='1.0', Content_Type='multipart/mixed; boundary=b').encode()
            + b'\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee there\r\n--b\r\n'
            b'Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n'
            b'Content-Disposition: attachment; filename=a.pdf\r\n\r\n'
            + base64.b64encode(lot.randbytes(300))[:-lot.randrange(1, 40)])


def anonymous(place, lot, numbers):
    """No identifier at all, or one that is none."""
    name = lot.choice([None, ' ', 'x' * 2000])
    return plain(place, **{'Message-Id': name}, sender=f'p{place}@people.example')


def empty(place, lot, numbers):
    return head(place, subject=' ').encode() + b'\r\n'


def nested(place, lot, numbers):
    message = EmailMessage(policy=SMTP)
    message.set_content("the innermost")
    for _level in range(lot.randrange(2, 25)):
        outer = EmailMessage(policy=SMTP)
        outer['Subject'] = "Fwd"
        outer.set_content("see below")
        outer.add_attachment(message)
        message = outer
    for name in ('Message-Id', 'From', 'To', 'Subject'):
        del message[name]
    message['Message-Id'], message['Subject'] = f'<{place}@{DOMAIN}>', f"Mail {place}"
    message['From'], message['To'] = f'p{place}@people.example', SERVICE
    return message.as_bytes()


def huge(place, lot, numbers):
    line = base64.b64encode(lot.randbytes(57)) + b'\r\n'
    return (head(place, MIME_Version='1.0', Content_Type='multipart/mixed; boundary=b').encode()
            + b'\r\n--b\r\nContent-Type: text/html\r\n\r\n' + b'<p>long</p>\r\n' * 30000
            + b'--b\r\nContent-Type: application/octet-stream; name=big.bin\r\n'
            b'Content-Transfer-Encoding: base64\r\n\r\n' + line * 20000 + b'--b--\r\n')


def zero(place, lot, numbers):
    """Characters that no database keeps."""
    return head(place).encode() + b'X-Zero: a\x00b\r\n\r\nHello \x00 there\r\n'


def boundary(place, lot, numbers):
    """Parts whose boundary is missing, empty, or never ends."""
    kind = lot.choice(['multipart/mixed', 'multipart/mixed; boundary=""',
                       'multipart/alternative; boundary=never', 'text/html; boundary=b', 'x'])
    return (head(place, MIME_Version='1.0', Content_Type=kind).encode()
            + b'\r\n--b\r\n\r\nHello\r\n--never\r\nContent-Type: \r\n\r\nHello')


def picture(place, lot, numbers):
    """What goes by the name of a picture and is none."""
    return (head(place, MIME_Version='1.0', Content_Type='image/png; name=a.png',
                 Content_Transfer_Encoding='base64').encode()
            + b'\r\n' + base64.b64encode(b'\x89PNG\r\n\x1a\n' + lot.randbytes(50)) + b'\r\n')


def nobody(place, lot, numbers):
    return plain(place, to=NOBODY)


def broken(place, lot, numbers):
    """To an address that makes what cannot be made."""
    return plain(place, to=BROKEN)


def automatic(place, lot, numbers):
    return plain(place, subject="Out of office", Auto_Submitted='auto-replied')


def bounce(place, lot, numbers):
    """A mail of ours that came back, or one that says that it is of us."""
    return lot.choice([
        head(place, sender='MAILER-DAEMON <mailer-daemon@people.example>', MIME_Version='1.0',
             subject="Undelivered", Return_Path='<>',
             Content_Type='multipart/report; report-type=delivery-status; boundary=b').encode()
        + b'\r\n--b\r\n\r\nNot delivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
        b'Final-Recipient: rfc822; gone@people.example\r\nAction: failed\r\n\r\n--b--\r\n',
        plain(place, sender=f'Service <{SERVICE}>'),
        plain(place, sender=f'Service <{SERVICE}>', Auto_Submitted='auto-generated'),
    ])


def circle(place, lot, numbers):
    return plain(place, sender=LOOPER)


MAKERS = {
    'reply': reply, 'header': header, 'charset': charset, 'base64': truncated,
    'anonymous': anonymous, 'empty': empty, 'nested': nested, 'huge': huge, 'zero': zero,
    'nobody': nobody, 'broken': broken, 'automatic': automatic, 'bounce': bounce,
    'circle': circle, 'picture': picture, 'boundary': boundary,
}
