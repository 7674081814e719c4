"""Guess what the columns of a table of prospects are: no database, no Odoo records."""

import re
import unicodedata

# What a cell of a prospect may be, and how such a column is called in several languages; the
# first word that fits decides.
WORDS = {
    'email': 'email mail emailaddress courriel correo mailadresse adresemail posta',
    'mobile': 'mobile mobil handy cell cellphone mobilephone portable movil gsm komorka',
    'phone': (
        'phone telephone telefon tel phonenumber telefonnummer rufnummer fon '
        'telefono telnr'),
    'vat': (
        'vat vatid vatnumber taxid taxnumber ust ustid ustidnr ustidnummer '
        'umsatzsteuerid tva nip steuernummer btw piva nif ico dic'),
    'website': 'website web url homepage www site internet webseite siteweb sitioweb',
    'first_name': 'firstname vorname prenom nombre imie givenname forename nome',
    'last_name': (
        'lastname surname nachname familienname apellido apellidos nazwisko '
        'familyname cognome'),
    'company_name': (
        'company companyname firma firmenname firm organisation organization '
        'unternehmen societe entreprise empresa azienda account business kunde '
        'betrieb'),
    'function': (
        'function jobtitle position job title role funktion beruf fonction cargo '
        'stelle berufsbezeichnung'),
    'name': (
        'name fullname contact contactperson contactname ansprechpartner kontakt '
        'person nom nazwa imieinazwisko customer kontaktperson ansprechperson'),
    'street2': 'street2 address2 addressline2 adresszusatz zusatz complement',
    'street': (
        'street address address1 addressline1 strasse str adresse anschrift rue '
        'direccion ulica indirizzo via calle'),
    'zip': (
        'zip postcode postalcode zipcode plz postleitzahl codepostal cp kodpocztowy '
        'cap eircode'),
    'city': 'city town ort stadt wohnort ville ciudad miasto citta place locality',
    'country': 'country land pays pais kraj countrycode laenderkuerzel nation paese staat',
    'note': (
        'note notes comment comments remark remarks bemerkung bemerkungen notiz '
        'kommentar remarque nota uwagi'),
}
FIELD_OF = {word: field for field, words in WORDS.items() for word in words.split()}
# Longer words that say it within another one, such as "E-Mail (office)".
WITHIN = {word: field for word, field in FIELD_OF.items() if len(word) > 4 or word == 'mail'}
EMAIL = re.compile(r'^[^@\s]+@[^@\s]+\.[^@\s]+$')
PHONE = re.compile(r'^[+(]?\d[\d\s()/.-]{5,}$')
WEBSITE = re.compile(r'^(https?://|www\.)\S+$', re.IGNORECASE)
STREET = re.compile(r'^(\d+\w?,? \D{4,}|\D{4,} \d+\s?\w?)$')
PLACE = re.compile(r'^[^\d@]{2,40}$')
COMPANY = re.compile(
    r'\b(gmbh|ag|kg|ohg|e\.?k\.?|ug|ltd|limited|llc|inc|plc|corp|s\.?a\.?|s\.?r\.?l\.?|sarl'
    r'|b\.?v\.?|n\.?v\.?|oy|ab|aps|a/s|s\.?p\.?a\.?|s\.?r\.?o\.?|sp\. ?z ?o\.? ?o|& co|& sons|dac'
    r'|lda)(\.|\b)',
    re.IGNORECASE)
# A column is what most of its cells look like.
MOST = 0.6
LOOKS = {'email': EMAIL, 'website': WEBSITE, 'phone': PHONE, 'company_name': COMPANY,
         'street': STREET, 'zip': re.compile(r'^([A-Z]{1,2}-)?\d{4,5}$')}


def plain(text):
    """Return the small letters and digits of a text, without accents.

    >>> plain("E-Mail (Büro)"), plain("Straße")
    ('emailbuero', 'strasse')
    """
    text = text.casefold().translate({0xe4: 'ae', 0xf6: 'oe', 0xfc: 'ue', 0x142: 'l'})
    text = unicodedata.normalize('NFKD', text)
    return re.sub(r'[\W_]', '', ''.join(
        letter for letter in text if not unicodedata.combining(letter)))


def field_of_heading(heading):
    """Return what a column with a heading holds, empty if it cannot be told.

    >>> [field_of_heading(heading) for heading in ("E-Mail-Adresse", "PLZ", "Société", "Colour")]
    ['email', 'zip', 'company_name', '']
    >>> field_of_heading("Company name"), field_of_heading("Name (contact)")
    ('company_name', 'name')
    """
    key = plain(heading)
    if key in FIELD_OF:
        return FIELD_OF[key]
    return next((field for word, field in WITHIN.items() if word in key), '')


def field_of_cells(cells):
    """Return what a column without a heading holds, by what most of its cells look like.

    >>> field_of_cells(["ann@a.example", "", "bob@b.example"]), field_of_cells(["Ann", "Bob"])
    ('email', '')
    """
    filled = [cell for cell in cells if cell]
    return next((
        field for field, look in LOOKS.items()
        if filled and sum(bool(look.search(cell)) for cell in filled) >= MOST * len(filled)), '')


def heading_place(rows):
    """Return the place of the line with the headings among the first lines, None without any.

    Headings are words that are known, and hold no address or number.

    >>> heading_place([["Prospects of May", ""], ["Name", "E-Mail"], ["Ann", "ann@a.example"]])
    1
    >>> heading_place([["Ann", "ann@a.example"], ["Bob", "bob@b.example"]])
    >>> heading_place([["Name"], ["Ann"]])
    0
    """
    wanted = 1 if max(map(len, rows), default=0) == 1 else 2
    return next((
        place for place, cells in enumerate(rows[:10])
        if sum(bool(field_of_heading(cell)) for cell in cells if len(cell) < 40) >= wanted
        and not any(EMAIL.match(cell) or PHONE.match(cell) for cell in cells)), None)


def fields_of(headings, rows):
    """Return what each column holds, each thing once.

    :param list[str] headings: of the columns; empty where there is none
    :param list[list[str]] rows: some lines below them
    :rtype: list[str]

    >>> fields_of(["Name", "Mail", "Mail 2"], [["Ann", "ann@a.example", "a@b.example"]])
    ['name', 'email', '']
    >>> fields_of(["", "", ""], [["Acorn Ltd", "ann@a.example", "Ann Smith"]])
    ['company_name', 'email', 'name']
    """
    found = []
    for place, heading in enumerate(headings):
        cells = [row[place] for row in rows if place < len(row)]
        field = field_of_heading(heading) or field_of_cells(cells)
        found.append('' if field in found else field)
    names = {'name', 'last_name', 'first_name'}
    if not names & set(found) and not any(headings):
        # The first column of words of a table without headings is the name.
        place = next((place for place, field in enumerate(found) if not field and all(
            PLACE.match(row[place]) for row in rows if len(row) > place and row[place])), None)
        if place is not None:
            found[place] = 'name'
    return found
