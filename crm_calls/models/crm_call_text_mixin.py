from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_amount, format_date, format_datetime, formatLang, html_sanitize
from odoo.tools.rendering_tools import parse_inline_template

from .call_text import placeholders, split_placeholder

# These have no words a caller could read out.
WORDLESS = {'binary', 'image', 'json', 'properties', 'properties_definition', 'serialized'}


class CrmCallTextMixin(models.AbstractModel):
    """A text for callers, with fields of the document as placeholders.

    A placeholder is a path of fields as in Odoo's mail templates, ``{{ object.partner_id.name }}``
    or ``{{ user.name }}``, and may say what stands there when it is empty: ``||| nothing``. It is
    read with the rights of the caller; no code is ever run.
    """

    _name = 'crm.call.text.mixin'
    _description = "Text for Callers"

    name = fields.Char("Title", required=True, translate=True)
    text = fields.Html("What to Say", translate=True, sanitize_attributes=True)
    script_id = fields.Many2one('crm.call.script', required=True, index=True, ondelete='cascade')

    @api.constrains('text', 'script_id')
    def _check_text(self):
        for record in self:
            for placeholder in placeholders(record.text):
                record._check_placeholder(placeholder)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=''):
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang)
        if field_name == 'text':
            for lang in translations:
                self.with_context(lang=lang)._check_text()
        return result

    def _render_text(self, document):
        """Return the text for a document, in the language of its customer, as safe HTML.

        :param document: the record the call is about, readable by the user
        :rtype: Markup
        """
        self.ensure_one()
        lang = document._call_partner().lang or self.env.lang
        text = self.with_context(lang=lang).text or ''
        roots = {'object': document.with_context(lang=lang), 'user': self.env.user}
        parts = []
        for literal, placeholder, default in parse_inline_template(text):
            parts.append(literal)
            if placeholder:
                root, names = split_placeholder(placeholder) or ('object', [])
                parts.append(escape(self._words(roots[root], names) or default.strip()))
        return Markup(html_sanitize(''.join(parts)))

    def _check_placeholder(self, placeholder):
        """Refuse a placeholder that leads nowhere.

        :raise ValidationError: naming the text, the placeholder and what is wrong with it
        """
        root, names = split_placeholder(placeholder) or (None, [])
        if not root:
            raise ValidationError(self.env._(
                "%(text)s: {{ %(placeholder)s }} is no placeholder. Write fields of the document, "
                "like {{ object.display_name }}, or of the caller, like {{ user.name }}.",
                text=self.display_name, placeholder=placeholder))
        model = self.env['res.users' if root == 'user' else self.script_id.res_model]
        for position, name in enumerate(names, 1):
            field = model._fields.get(name)
            if not field:
                raise ValidationError(self.env._(
                    "%(text)s: in {{ %(placeholder)s }} there is no field \"%(field)s\" "
                    "in \"%(model)s\". Correct its name.",
                    text=self.display_name, placeholder=placeholder, field=name,
                    model=model._description))
            last = position == len(names)
            if field.type in WORDLESS or not (last or field.relational):
                raise ValidationError(self.env._(
                    "%(text)s: in {{ %(placeholder)s }} the field \"%(field)s\" cannot be read "
                    "out like this. Choose another one.",
                    text=self.display_name, placeholder=placeholder, field=name))
            model = self.env[field.comodel_name] if field.relational else model

    @api.model
    def _words(self, records, names):
        """Return what a path of fields says about the records, for a person to read.

        :return: empty when there is nothing, or nothing the user may see
        :rtype: str
        """
        try:
            for name in names[:-1]:
                records = records[name]
            words = [self._field_words(record, names[-1]) for record in records]
        except (AccessError, KeyError, IndexError):
            return ''
        return ", ".join(word for word in words if word)

    @api.model
    def _field_words(self, record, name):
        """Return the value of a field of one record as words, in the language of the record."""
        field, value, env = record._fields[name], record[name], record.env
        if field.relational:
            return ", ".join(value.mapped('display_name'))
        if field.type == 'boolean':
            return env._("yes") if value else env._("no")
        if field.type == 'monetary':
            return format_amount(env, value, record[field.get_currency_field(record)])
        if field.type == 'float':
            return formatLang(env, value, digits=(field.get_digits(env) or (16, 2))[1])
        if field.type == 'integer':
            return str(value)
        if not value:
            return ''
        if field.type == 'date':
            return format_date(env, value)
        if field.type == 'datetime':
            return format_datetime(env, value, dt_format='short')
        if field.type == 'selection':
            return dict(field._description_selection(env)).get(value, '')
        if field.type == 'html':
            return Markup(value).striptags()
        return str(value)
