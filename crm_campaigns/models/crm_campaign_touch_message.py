from odoo import api, fields, models


class CrmCampaignTouch(models.Model):
    """What the mail of a touch says, and what became of it."""

    _inherit = 'crm.campaign.touch'

    channel = fields.Selection(
        selection_add=[('pricelist', "Price List")], ondelete={'pricelist': 'set default'})

    def _mail_button(self):
        """Return what the customer is to open, nothing when the mail says it all; for channels.

        :return: the label of the button and its address
        :rtype: tuple[str, str] | None
        """
        self.ensure_one()
        return None

    def _mail_code(self):
        """Return the code that the mail tells the customer, nothing when there is none.

        :rtype: str
        """
        self.ensure_one()
        return ''

    @api.model
    def _note_mails(self, mails, failure=''):
        """Take over what became of the mails of touches.

        :param mail.mail mails: that were sent, or could not be sent
        :param str failure: why they could not be sent
        """
        touches = self.browse(
            mail.res_id for mail in mails if mail.model == self._name).exists()
        touches = touches.filtered(lambda touch: touch.state != 'skipped')
        if failure:
            touches.write({'state': 'failed', 'reason': failure})
            return
        touches.write({'state': 'done', 'reason': False})
        touches.member_id._set_contacted(fields.Datetime.now())
