import re

from babel import Locale

from odoo import api, models
from odoo.tools import email_split

from ..prospect_columns import EMAIL, plain

MAX_LENGTH = 250
TEXTS = ['name', 'company_name', 'function', 'website', 'street', 'street2', 'zip', 'city', 'vat']
FORMULA = re.compile(r'^([=@]|[+-][A-Za-z(])|^#(REF|N/A|NAME|VALUE|DIV/0|NULL|NUM)[!?]?$')
MONTH = (r'(jan(uar[yi]?)?|feb(ruar[yi]?)?|m[aä]r(ch|z)?|apr(il)?|ma[iy]|jun[ei]?|jul[iy]?'
         r'|aug(ust)?|sept?(ember)?|o[ck]t(ober)?|nov(ember)?|de[cz](ember)?)')
DATE = re.compile(
    rf'^(\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}(\s.*)?|\d{{1,2}}[-. ]+{MONTH}([-. ]+\d{{2,4}})?'
    rf'|{MONTH}[-. ]+\d{{1,4}})$', re.IGNORECASE)
# Languages in which the names of countries are known, whatever languages are installed.
LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'cs', 'sv', 'da']
USUAL = {'uk': 'GB', 'england': 'GB', 'scotland': 'GB', 'wales': 'GB', 'greatbritain': 'GB',
         'usa': 'US', 'eire': 'IE', 'republicofireland': 'IE', 'holland': 'NL', 'brd': 'DE',
         'd': 'DE', 'a': 'AT', 'czechrepublic': 'CZ'}


class CrmProspectRow(models.Model):
    """What is wrong with a prospect, and has to be mended before he is taken over."""

    _inherit = 'crm.prospect.row'

    def _problem(self):
        """Return what is wrong, as a sentence, or False."""
        self.ensure_one()
        if not (self.name or self.company_name or self.email):
            return self.env._("There is neither a name, a company nor a mail address.")
        return (
            self._text_problem() or self._name_problem() or self._email_problem()
            or self._phone_problem() or self._country_problem())

    def _text_problem(self):
        for name in TEXTS:
            value = self[name] or ''
            if len(value) > MAX_LENGTH:
                return self.env._(
                    "%(field)s has %(length)s characters. Shorten it to %(most)s.",
                    field=self._label_of(name), length=len(value), most=MAX_LENGTH)
            if FORMULA.match(value):
                return self.env._(
                    "%(field)s is a formula: %(value)s.", field=self._label_of(name),
                    value=value[:40])
        return False

    def _name_problem(self):
        for name in ('name', 'company_name'):
            value = (self[name] or '').strip()
            if DATE.match(value):
                return self.env._(
                    "%(field)s is a date: %(value)s.", field=self._label_of(name), value=value)
            if value and not re.search(r'[^\W_]', re.sub(r'\d', '', value)) and name == 'name':
                return self.env._(
                    "%(field)s has no letters: %(value)s.", field=self._label_of(name),
                    value=value[:40])
        return False

    def _email_problem(self):
        address = (self.email or '').strip()
        if not address:
            return False
        if len(email_split(address)) > 1:
            return self.env._("There is more than one mail address. Keep one of them.")
        if not self.email_normalized or not EMAIL.match(self.email_normalized):
            return self.env._("%(address)s is no mail address.", address=address[:80])
        return False

    def _phone_problem(self):
        number = self.phone or ''
        digits = len(re.findall(r'\d', number))
        if number and not (4 < digits < 20 and len(number) < 40):
            return self.env._("%(number)s is no phone number.", number=number[:60])
        return False

    def _country_problem(self):
        if self.country and not self.country_id:
            return self.env._(
                "%(name)s is no country that is known here.", name=self.country[:60])
        return False

    def _label_of(self, name):
        return self._fields[name]._description_string(self.env)

    def _country_guess(self):
        """Return the country in which a number without a code for it is.

        That of the tax ID or the address, else ours.

        :rtype: res.country
        """
        host = (self.email_normalized or '').rpartition('.')[2].upper()
        codes = self.env['res.country']._ids_by_code()
        for code in ((self.vat_key or '')[:2], {'UK': 'GB'}.get(host, host)):
            if code in codes:
                return self.env['res.country'].browse(codes[code])
        return (self.company_id or self.env.company).country_id

    @api.model
    def _country_names(self):
        """Return the ids of all countries by their names and codes in several languages.

        :return: by what :func:`plain` makes of them
        :rtype: dict[str, int]
        """
        codes = self.env['res.country']._ids_by_code()
        names = {plain(code): key for code, key in codes.items()}
        for language in LANGUAGES:
            for code, name in Locale(language).territories.items():
                if code in codes:
                    names.setdefault(plain(name), codes[code])
        names |= {name: codes[code] for name, code in USUAL.items() if code in codes}
        return names
