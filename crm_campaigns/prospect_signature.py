"""Read who wrote a mail from what he put below it: no database, no Odoo records."""

import re

from lxml import html as lxml_html

from odoo.tools.mail import html2plaintext

from .prospect_columns import COMPANY, PHONE, plain

# Where the mail that is answered begins.
QUOTED = re.compile(
    r'^(>|\s*-{2,}\s*(original message|ursprüngliche nachricht|forwarded message|'
    r'weitergeleitete nachricht|message d.origine)|'
    r'(on|am|le|el|il)\b.{5,200}\b(wrote|schrieb|écrit|escribió|scritto)\b.{0,80}:\s*$|'
    r'\*?(from|von|de)\*?:\s.{3,})', re.IGNORECASE)
CLOSING = re.compile(
    r'^\W*((with |my )?(kind|best|warm|many)\b.{0,12}\b(regards|wishes|thanks)|(best )?regards|'
    r'best|sincerely|yours\b.*|cheers|thank you\b.{0,20}|thanks\b.{0,20}|'
    r'(mit )?(vielen |freundlichen |freundlichem |besten |herzlichen |lieben |schönen )+'
    r'(grüßen|grüssen|gruß|dank|grüße)\b.{0,30}|'
    r'(viele|beste|liebe|schöne|freundliche|herzliche)\b.{0,10}\b(grüße|grüsse)\b.{0,30}|'
    r'gruß|grüße|mfg|lg|vg|hochachtungsvoll|cordialement|(bien )?à vous|saludos\b.*|atentamente|'
    r'cordiali saluti|distinti saluti)\W*$', re.IGNORECASE)
SENT_FROM = re.compile(r'^(sent from|von meinem|gesendet von|envoyé de)\b', re.IGNORECASE)
LABEL = re.compile(
    r'^(?P<label>[A-Za-zäöüÄÖÜß.\- ]{1,22}?)\s*(?::|\.:|\s(?=[+(0]))\s*(?P<value>\S.*)$')
PHONE_LABELS = {
    'phone', 'tel', 'telephone', 'telefon', 'fon', 't', 'p', 'ph', 'office', 'buero', 'direct',
    'durchwahl', 'zentrale', 'call'}
MOBILE_LABELS = {'mobile', 'mobil', 'm', 'cell', 'handy', 'mob'}
NUMBER = re.compile(r'(?<!\w)(\+|00|\(?0)[\d\s()/.–-]{6,20}\d')
FAX = re.compile(r'\b(tele)?fax\b|^f\s*[:.]', re.IGNORECASE)
SITE = re.compile(r'(?<![@\w])(?:https?://)?(www\.[\w.-]+\.\w{2,}|(?<=://)[\w.-]+\.\w{2,})(/\S*)?',
                  re.IGNORECASE)
SOCIAL = re.compile(r'linkedin|facebook|twitter|instagram|xing|youtube|//x\.com|calendly|zoom\.')
ADDRESS = re.compile(r'[\w.+-]+@[\w-]+\.[\w.-]+')
VAT = re.compile(
    r'\b(?:ust\.?-?\s?id\.?(?:-?nr\.?)?|vat(?:\s?(?:no|reg|id|number))*\.?|uid|tva)[.:\s]*'
    r'([A-Z]{2}[\s]?[\dA-Z]{7,12})\b', re.IGNORECASE)
FREE_HOSTS = re.compile(
    r'@(gmail|googlemail|outlook|hotmail|live|yahoo|ymail|icloud|me|aol|gmx|web|t-online|proton|'
    r'protonmail|mail|posteo|freenet|orange|wanadoo|libero|eircom|btinternet)\.', re.IGNORECASE)
ROLE = re.compile(
    r'\b(manager|director|head of|officer|ceo|cto|cfo|coo|owner|founder|president|engineer|'
    r'purchas\w*|sales|marketing|assistant|consultant|buyer|partner|foreman|'
    r'leit\w*|geschäftsführ\w*|inhaber\w*|einkauf\w*|einkäufer\w*|vertrieb\w*|prokurist\w*|'
    r'sachbearbeit\w*|assisten\w*|abteilung\w*|meister\w*|responsable|directeur|gérant)\b',
    re.IGNORECASE)
HOUSE = r'\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4}[a-zA-Z]?)?'
STREET = re.compile(
    rf'^((?:[^\W\d][\w.\'-]*\s){{0,3}}[^\W\d][\w.\'-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|'
    rf'ring|damm|ufer|hof|wall|markt)\s{HOUSE}|'
    rf'(?:[^\W\d][\w.\'-]*\s){{1,4}}{HOUSE}|'
    rf'{HOUSE},?\s(?:[^\W\d][\w.\'-]*\s?){{1,5}}|'
    rf'(?:unit|suite|block|floor)\s\w+,\s.{{4,60}})$', re.IGNORECASE)
CODE = (r'(?:[A-Z]{1,2}-)?\d{4,5}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|'
        r'[A-Z](?:\d{2}|6W)\s?[0-9A-Z]{4}')
# What stands before a German, Austrian or Swiss postal code, and of which country that is.
PREFIXES = {'D': 'DE', 'A': 'AT', 'CH': 'CH', 'L': 'LU', 'F': 'FR', 'I': 'IT', 'NL': 'NL'}
# "50667 Köln" and "Cork T12 AB34"
PLACE = re.compile(rf'^(?:(?P<zip>{CODE})\s+(?P<city>[^\W\d][\w\s.\'/-]{{1,40}})|'
                   rf'(?P<city2>[^\W\d][\w\s.\'/-]{{1,40}}?)[,\s]+(?P<zip2>{CODE}))$')
PERSON = re.compile(
    r"^(?:(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau|Dipl|Ing|h\.c)\.?-?\s*)*[^\W\d_][\w'’.-]*"
    r"(?:\s(?:von|van|de|der|zu|O')?\s?[^\W\d_][\w'’.-]*){1,3}$")
# So many lines at the end of a mail may be a signature that nothing announces.
MAX_LINES = 14


def mail_text(body):
    """Return the lines of the body of a mail as its writer saw them, without what he answers.

    :param str body: HTML
    :rtype: list[str]

    >>> mail_text('<p>Hello</p><blockquote>Old</blockquote><p>--<br>Ann</p>')
    ['Hello', '--', 'Ann']
    """
    if not (body or '').strip():
        return []
    root = lxml_html.fragment_fromstring(str(body), create_parent='div')
    for quote in root.xpath(
            '//blockquote | //*[contains(@class, "gmail_quote")] | //*[@id="divRplyFwdMsg"]'
            ' | //style | //script | //title'):
        quote.drop_tree()
    for mark in root.iter():
        for name in [name for name in mark.attrib if name.startswith('data-o-mail-quote')]:
            del mark.attrib[name]
    for cell in root.iter('td', 'th'):
        cell.tail = '\n' + (cell.tail or '')
        cell.append(lxml_html.Element('br'))
    text = html2plaintext(lxml_html.tostring(root, encoding='unicode'), include_references=False)
    lines = [' '.join(line.replace('*', ' ').split()) for line in text.splitlines()]
    end = next((place for place, line in enumerate(lines) if QUOTED.match(line)), len(lines))
    return [line for line in lines[:end] if line]


def signature_lines(lines):
    """Return the lines of a mail that are its signature.

    >>> signature_lines(["Please call.", "Kind regards,", "Ann Smith", "Acorn Ltd"])
    ['Ann Smith', 'Acorn Ltd']
    >>> signature_lines(["Please call.", "Ann Smith", "Tel. 021 555 0100"])
    ['Ann Smith', 'Tel. 021 555 0100']
    >>> signature_lines(["Please call me back", "as soon as you can."])
    []
    """
    lines = [line for line in lines if not SENT_FROM.match(line)]
    for begins in (lambda line: line.rstrip() in ('--', '-- ', '—', '___'), CLOSING.match):
        places = [place for place, line in enumerate(lines) if begins(line)]
        if places and lines[places[-1] + 1:]:
            return [line for line in lines[places[-1] + 1:][:2 * MAX_LINES]
                    if not CLOSING.match(line)]
    tail = lines[-MAX_LINES:]
    telling = [place for place, line in enumerate(tail) if _tells(line)]
    if not telling:
        return []
    first = telling[0]
    while first and len(tail[first - 1]) < 45 and not re.search(r'[.?!,:]$', tail[first - 1]):
        first -= 1
    return tail[first:]


def _tells(line):
    """Tell whether a line is one that only signatures have."""
    return len(line) < 90 and bool(
        NUMBER.search(line) or SITE.search(line) or PLACE.match(line))


def read_signature(body, sender='', address=''):
    """Return what a mail says of who wrote it, as far as it can be read.

    :param str body: the HTML of the mail
    :param str sender: the name he sends under
    :param str address: his mail address
    :return: any of ``name``, ``function``, ``company_name``, ``phone``, ``website``, ``street``,
        ``zip``, ``city``, ``country`` (its code) and ``vat``
    :rtype: dict[str, str]

    >>> found = read_signature('''<p>Bitte um ein Angebot.</p><p>Mit freundlichen Grüßen<br>
    ... Jörg Müller<br>Leiter Einkauf<br>Tischlerei Müller GmbH<br>Hauptstraße 3<br>50667 Köln<br>
    ... Tel.: 0221 555 010<br>Fax: 0221 555 011<br>www.mueller.example</p>''', '', 'j@m.example')
    >>> sorted(found)
    ['city', 'company_name', 'function', 'name', 'phone', 'street', 'website', 'zip']
    >>> found['phone'], found['company_name'], found['street']
    ('0221 555 010', 'Tischlerei Müller GmbH', 'Hauptstraße 3')
    """
    lines = [part for line in signature_lines(mail_text(body)) for part in _parts(line)]
    found, mobile, left = {}, '', []
    for line in lines:
        kind, values = _read_line(line)
        if kind == 'mobile':
            mobile = mobile or values['phone']
        elif kind:
            found = {**values, **found}
        elif values is not None:
            left.append(line)
    if mobile:
        found.setdefault('phone', mobile)
    _read_names(found, left, sender, address)
    return {field: value.strip(' ,;') for field, value in found.items() if value.strip(' ,;')}


def _parts(line):
    """Return what stands side by side in a line.

    >>> _parts("Hauptstraße 3 | 50667 Köln"), _parts("12 Main Street, Cork T12 AB34")
    (['Hauptstraße 3', '50667 Köln'], ['12 Main Street', 'Cork T12 AB34'])
    >>> _parts("Ann Smith, Purchasing Manager"), _parts("T: 021 555 0100 M: 087 555 0100")
    (['Ann Smith', 'Purchasing Manager'], ['T: 021 555 0100', 'M: 087 555 0100'])
    """
    parts = [part for part in re.split(
        r'\s*[|•·∙]\s*|\s+[–—-]\s+|\s{2,}|\s+(?=(?:[TMFtmf]|Fax|Mobile?|Tel)[.:]+\s?[+(\d])', line)
        if part]
    return [piece for part in parts for piece in _pieces(part)]


def _pieces(part):
    """Return what commas separate, where it is not one thing in itself.

    >>> _pieces("Unit 4, Raheen Business Park, Limerick V94 XY12"), _pieces("Acorn, Birch & Sons")
    (['Unit 4, Raheen Business Park', 'Limerick V94 XY12'], ['Acorn, Birch & Sons'])
    """
    pieces = part.split(', ')
    if len(pieces) > 1 and PLACE.match(pieces[-1]):
        return [', '.join(pieces[:-1]), pieces[-1]]
    return pieces if len(pieces) == 2 and ROLE.search(pieces[1]) else [part]


def _read_line(line):
    """Return what kind of line it is, and the values read: `None` when nobody wants it."""
    if FAX.search(line):
        return '', None
    if tax := VAT.search(line):
        return 'vat', {'vat': tax[1].replace(' ', '').upper()}
    if site := SITE.search(line):
        return ('', None) if SOCIAL.search(line) else ('website', {'website': site[0]})
    if ADDRESS.search(line):
        return '', None
    if number := NUMBER.search(line):
        labelled = LABEL.match(line)
        label = plain(labelled['label']) if labelled else ''
        known = not label or label in PHONE_LABELS or label in MOBILE_LABELS
        if known or PHONE.match(line):
            return ('mobile' if label in MOBILE_LABELS else 'phone'), {'phone': number[0].strip()}
    if place := PLACE.match(line):
        prefix, _dash, code = (place['zip'] or place['zip2']).rpartition('-')
        return 'place', {
            'zip': code, 'city': place['city'] or place['city2'],
            'country': PREFIXES.get(prefix.upper(), '')}
    if STREET.match(line) and not COMPANY.search(line):
        return 'street', {'street': line}
    return '', {}


def _read_names(found, lines, sender, address):
    """Tell the person, what he does and his company among the lines that are left."""
    lines = [line for line in lines if len(line) <= 80]
    host = '' if FREE_HOSTS.search(address) else plain(address.partition('@')[2].split('.')[0])
    person = sender if PERSON.match(sender) and not COMPANY.search(sender) else next((
        line for line in lines
        if PERSON.match(line) and not (COMPANY.search(line) or ROLE.search(line))
        and plain(line) != host), '')
    lines = [line for line in lines if not _is_of(person, line)]
    company = next(filter(COMPANY.search, lines), '') or next((
        line for line in lines if _is_host(plain(line), host)), '')
    found |= {
        'name': person,
        'company_name': company or (sender if COMPANY.search(sender) else ''),
        'function': next((
            line for line in lines
            if line != company and ROLE.search(line) and line[-1] not in '.?!:'), '')}


def _is_host(name, host):
    """Tell whether a name is that of the host of an address, more or less.

    >>> _is_host('tischlereischmidt', 'tischlereischmidt'), _is_host('acornjoinery', 'acorn')
    (True, True)
    >>> _is_host('ann', 'acorn'), _is_host('', '')
    (False, False)
    """
    return len(host) > 3 and (host in name or name in host and len(name) > len(host) / 2)


def _is_of(person, line):
    """Tell whether a line is the name of the person, perhaps with a title."""
    return bool(person) and {plain(word) for word in person.split()} <= {
        plain(word) for word in line.split()}
