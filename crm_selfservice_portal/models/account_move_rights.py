from odoo import models


class AccountMove(models.Model):
    """In the portal a bill is discussed by who has rights to act."""

    _name = 'account.move'
    _inherit = ['crm.portal.conversation', 'account.move']
