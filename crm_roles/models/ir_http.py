from odoo import models

from ..replica import remember_what_is_written


class IrHttp(models.AbstractModel):
    """Who has written something reads it on the next page, whatever database serves that."""

    _inherit = 'ir.http'

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        remember_what_is_written()
