from odoo import api, models
from odoo.http import request
from odoo.tools import ormcache


class IrHttp(models.AbstractModel):
    """Which language visitors see at first is known without asking the database on each page."""

    _inherit = 'ir.http'

    @classmethod
    def _get_default_lang(cls):
        code = request.env['ir.http']._default_language()
        return request.env['res.lang']._get_data(code=code) if code else super()._get_default_lang()

    @api.model
    @ormcache()
    def _default_language(self):
        """Return the code of the default language, kept in memory until a default changes.

        :rtype: str | None
        """
        # sudo: ir.default - the language of the website is no secret
        return self.env['ir.default'].sudo()._get('res.partner', 'lang')
