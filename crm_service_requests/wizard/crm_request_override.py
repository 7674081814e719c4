from odoo import api, fields, models

from ..models.crm_return_policy import DECISIONS


class CrmRequestOverride(models.TransientModel):
    """A supervisor decides otherwise than the system, on a return or a warranty, and says why."""

    _name = 'crm.request.override'
    _description = "Decide Otherwise"

    request_id = fields.Many2one('crm.request', required=True, readonly=True, ondelete='cascade')
    kind = fields.Selection(related='request_id.kind')
    decision = fields.Selection(DECISIONS, default='accepted', required=True)
    line_ids = fields.Many2many(
        'crm.request.return.line', string="Lines", compute='_compute_line_ids', store=True,
        precompute=True, readonly=False,
        domain="[('request_id', '=', request_id), ('decision', '!=', decision), "
               "('decision', '!=', False)]")
    fee = fields.Float("Restocking Fee", help="Percent of the price that is kept.")
    reason = fields.Text(required=True, help="Why. It is kept with your name and the time.")

    _fee = models.Constraint(
        'CHECK (fee >= 0 AND fee <= 100)', "The restocking fee is between 0 and 100 percent.")

    @api.depends('request_id', 'decision')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.request_id.return_line_ids.filtered(
                lambda line, wizard=wizard: line.decision and line.decision != wizard.decision)

    def action_decide(self):
        """Decide on the chosen lines, and keep the reason.

        :raise AccessError: if the user is no supervisor
        :raise UserError: if there is nothing to decide otherwise
        """
        self.ensure_one()
        accepted = self.decision == 'accepted'
        if self.kind == 'warranty':
            self.request_id._override_warranty(accepted, self.reason)
        else:
            self.request_id._override_return(self.line_ids, accepted, self.reason, self.fee)
