from odoo import api, models
from odoo.tools import split_every

OPEN = ['planned', 'contacted', 'responded', 'declined']
BATCH = 500


class CrmCampaignMember(models.Model):
    """Who orders has bought, whoever took the order."""

    _inherit = 'crm.campaign.member'

    @api.model
    def _cron_note_orders(self):
        """Note of the members whose orders count for their campaign that they bought; scheduled.

        Members whose order was cancelled stay what they are: they did buy.
        """
        cron = self.env['ir.cron']
        members = self.browse().union(*(
            member for [member] in self.env['crm.campaign.sale']._read_group(
                [('member_id.state', 'in', OPEN)], ['member_id'])))
        cron._commit_progress(remaining=len(members))
        for ids in split_every(BATCH, members.ids):
            found = self.browse(ids).exists()
            found.write({'state': 'bought'})
            if not cron._commit_progress(len(ids)):
                break
