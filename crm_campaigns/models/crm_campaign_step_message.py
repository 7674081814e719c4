from odoo import api, fields, models


class CrmCampaignStep(models.Model):
    """A mail with something of the member's own in it: a price list, an invitation, a code.

    All of these are one template over touches, filled with the text of the step. The mails are put
    into Odoo's queue with the touches they belong to, so nobody gets one twice.
    """

    _inherit = 'crm.campaign.step'

    message = fields.Html(
        "Text of the Mail", translate=True, sanitize_attributes=True,
        help="It stands between the salutation and what the member gets.")
    has_message = fields.Boolean("Written Here", compute='_compute_has_message')

    @api.depends('channel')
    def _compute_has_message(self):
        channels = self._message_channels()
        for step in self:
            step.has_message = step.channel in channels

    @api.model
    def _message_channels(self):
        """Return the channels whose mail is written on the step; for channels to add to.

        :rtype: list[str]
        """
        return ['pricelist']

    @api.model
    def _mail_channels(self):
        return [*super()._mail_channels(), *self._message_channels()]

    def _begin(self, members):
        super()._begin(members)
        if self.has_message and members:
            touches = self.env['crm.campaign.touch'].search(
                [('step_id', '=', self.id), ('member_id', 'in', members.ids)], order='id')
            self._prepare_messages(touches)
            self._send_messages(touches)

    def _prepare_messages(self, touches):
        """Make what the mails are about, for touches that wait; for channels to add to.

        :param crm.campaign.touch touches: one for each member, of a step of the channel
        """

    def _send_messages(self, touches):
        """Put the mail of each touch into the queue.

        :param crm.campaign.touch touches: one for each member
        """
        template = self.env.ref('crm_campaigns.mail_template_campaign_touch')
        for attachments, found in self._message_attachments(touches).items():
            template.send_mail_batch(
                found.ids, email_layout_xmlid='crm_campaigns.mail_layout_campaign',
                email_values={'attachment_ids': [(4, file.id) for file in attachments]})

    def _message_attachments(self, touches):
        """Return which files go with the mails of which touches; for channels to change.

        :param crm.campaign.touch touches: one for each member
        :return: touches by their files
        :rtype: dict[ir.attachment, crm.campaign.touch]
        """
        return {self.env['ir.attachment']: touches}
