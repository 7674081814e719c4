from odoo import fields, models


class ResPartner(models.Model):
    """A contact made by the invitation of a colleague is read by no colleague before he comes.

    His address tells whether the company knew it already, and that is told to nobody.
    """

    _inherit = 'res.partner'

    is_invited = fields.Boolean(
        "Invited by a Colleague", readonly=True, copy=False, groups='base.group_user',
        help="A customer invited this contact, who has not signed in since.")

    def _statement_recipients(self):
        # sudo: res.partner - who has no address is left out, and which invited contact has one is
        # not told
        return super()._statement_recipients().filtered(
            lambda contact: not contact.sudo().is_invited)
