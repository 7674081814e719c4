from odoo import fields, models


class CrmCampaignStep(models.Model):
    """A call of a campaign: the members of the step join the queue of those who call."""

    _inherit = 'crm.campaign.step'

    script_id = fields.Many2one(
        'crm.call.script', "Call Script", index='btree_not_null', ondelete='restrict',
        domain=[('res_model', '=', 'crm.campaign.member')],
        help="What the caller says. Empty: the first script that fits.")
    interest = fields.Selection(
        [('lead', "Opportunity"), ('quotation', "Quotation")], "Who Is Interested Gets",
        default='lead', required=True, help="Proposed to the caller when a customer says yes.")
    product_ids = fields.Many2many(
        'product.product', string="Products Offered", domain=[('sale_ok', '=', True)],
        help="The lines of the quotation of who is interested.")

    def _begin_calls(self, members):
        """Let the members wait for a call about the step."""
        members.write({'call_step_id': self.id, 'call_since': fields.Datetime.now()})
