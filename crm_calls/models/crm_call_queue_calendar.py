from odoo import api, models


class CrmCallQueueMixin(models.AbstractModel):
    """A call-back leaves the calendar when there is nothing to call about any more."""

    _inherit = 'crm.call.queue.mixin'

    @api.depends('last_call_id', 'last_call_id.outcome_id', 'call_count')
    def _compute_call_state(self):
        super()._compute_call_state()
        self.env['crm.call']._show_callbacks_later(
            self.filtered(lambda record: record.last_call_id.outcome_kind == 'callback'))
