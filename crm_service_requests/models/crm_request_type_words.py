from odoo import api, models


class CrmRequestType(models.Model):
    """Customers read the labels of the ready-made fields in their own language."""

    _inherit = 'crm.request.type'

    @api.model
    def _told_definitions(self, definitions):
        """Return definitions of properties with their labels in the language of the user.

        Labels that the company has written itself stay as they are.

        :param list[dict] definitions: definitions of properties
        :rtype: list[dict]
        """
        words = self._ready_made_words()
        return [{
            **definition,
            'string': words.get(definition.get('string'), definition.get('string')),
            'selection': [
                [option[0], words.get(option[1], option[1])]
                for option in definition.get('selection') or []],
        } for definition in definitions]

    @api.model
    def _ready_made_words(self):
        """Return the labels of the ready-made fields, of each language in that of the user.

        :rtype: dict[str, str]
        """
        told = self._words_of_fields(self.env.lang)
        return {
            word: translation
            for lang, _name in self.env['res.lang'].get_installed()
            for word, translation in zip(self._words_of_fields(lang), told, strict=True)}

    def _words_of_fields(self, lang):
        """Return the labels of all ready-made fields and of what is chosen in them, in order."""
        return [
            word for fields in self.with_context(lang=lang)._ready_made_fields().values()
            for field in fields
            for word in (field['string'], *dict(field.get('selection', ())).values())]
