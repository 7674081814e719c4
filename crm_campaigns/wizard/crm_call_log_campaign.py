from odoo import api, fields, models


class CrmCallLog(models.TransientModel):
    """Whoever calls about a campaign says what the interested customer is to get."""

    _inherit = 'crm.call.log'

    interest = fields.Selection(
        [('nothing', "Nothing"), ('lead', "Opportunity"), ('quotation', "Quotation")],
        "Make for His Salesperson", compute='_compute_interest', store=True, readonly=False)

    @api.depends('outcome_kind')
    def _compute_interest(self):
        for wizard in self:
            wizard.interest = 'nothing'
            if wizard.res_model == 'crm.campaign.member' and wizard.outcome_kind == 'won':
                wizard.interest = wizard._document().call_step_id.interest

    def action_log(self):
        """Log the call, and make what the customer is interested in."""
        action = super().action_log()
        if self.res_model == 'crm.campaign.member':
            member = self._document()
            make = {'lead': member.action_make_lead, 'quotation': member.action_make_quotation}
            make.get(self.interest, lambda: None)()
        return action
