from odoo import models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    # Each mail that comes in asks for its sender several times.
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
