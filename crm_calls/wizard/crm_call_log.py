from datetime import timedelta

from odoo import api, fields, models

# A document held for longer was not on the phone all the time: the caller says how long it took.
LONGEST_PROPOSED_CALL = 60


class CrmCallLog(models.TransientModel):
    """The dialog in which a call about a document is logged."""

    _name = 'crm.call.log'
    _description = "Log a Call"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(required=True, model_field='res_model')
    partner_id = fields.Many2one('res.partner', "Customer", compute='_compute_partner_id')
    phone = fields.Char(related='partner_id.phone')
    outcome_id = fields.Many2one('crm.call.outcome', required=True)
    outcome_kind = fields.Selection(related='outcome_id.kind', string="Kind of Outcome")
    callback_at = fields.Datetime("Call Back at")
    duration = fields.Float(
        "Duration (min)", compute='_compute_duration', store=True, readonly=False
    )
    note = fields.Text()

    @api.depends('res_model', 'res_id')
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard._document()._call_partner()

    @api.depends('res_model', 'res_id')
    def _compute_duration(self):
        for wizard in self:
            document = wizard._document()
            mine = document.call_held_at and document.call_user_id == self.env.user
            minutes = (
                (fields.Datetime.now() - document.call_held_at) / timedelta(minutes=1)
                if mine
                else 0.0
            )
            wizard.duration = round(minutes) if minutes <= LONGEST_PROPOSED_CALL else 0.0

    def action_log(self):
        """Log the call."""
        self.ensure_one()
        callback_at = self.callback_at if self.outcome_kind == 'callback' else None
        self._document().log_call(self.outcome_id, callback_at, self.duration, self.note)
        return {'type': 'ir.actions.act_window_close'}

    def action_log_and_next(self):
        """Log the call and open the next document of the queue."""
        self.action_log()
        return self._document().action_call_next()

    def _document(self):
        """Return the document the call is about."""
        return self.env[self.res_model].browse(self.res_id)
