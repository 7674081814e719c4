from odoo import models


class CrmCampaignMember(models.Model):
    """How far it has come with a member, from what was done with him."""

    _inherit = 'crm.campaign.member'

    def _set_contacted(self, moment):
        """Note that the members were reached.

        :param datetime moment: naive, in UTC
        """
        self.filtered(lambda member: member.state == 'planned').write(
            {'state': 'contacted', 'contacted_at': moment})

    def _set_responded(self, moment):
        """Note that the members answered; who bought or declined since stays what he is.

        :param datetime moment: naive, in UTC
        """
        answered = self.filtered(lambda member: member.state in ('planned', 'contacted'))
        answered.filtered(lambda member: not member.contacted_at).contacted_at = moment
        answered.write({'state': 'responded', 'responded_at': moment})

    def _set_declined(self, reason=False):
        """Note that the members do not want it; who bought has bought.

        :param str reason: why, one of `DECLINE_REASONS`, or nothing
        """
        self.filtered(lambda member: member.state not in ('bought', 'control')).write(
            {'state': 'declined', 'decline_reason': reason})
