from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_calls.models.crm_call_outcome import UNREACHED_KINDS

from .crm_campaign_step import PLANNERS

# What changes when somebody calls; all else of a member is for who plans the campaign.
CALL_FIELDS = {'state', 'contacted_at', 'responded_at', 'decline_reason', 'lead_id', 'order_id'}
OVER = ('bought', 'declined', 'control')


class CrmCampaignMember(models.Model):
    """A member waits for a call from the day on which a call is a step of his campaign."""

    _name = 'crm.campaign.member'
    _inherit = ['crm.campaign.member', 'crm.call.queue.mixin', 'crm.write.guard']
    _call_purpose = 'sale'

    call_step_id = fields.Many2one(
        'crm.campaign.step', "Call About", readonly=True, index='btree_not_null',
        ondelete='set null')
    call_since = fields.Datetime("To Be Called since", readonly=True)
    partner_phone = fields.Char(related='partner_id.phone', string="Customer's Phone")
    campaign_goal = fields.Text(related='campaign_id.goal', string="Goal")
    partner_touch_ids = fields.One2many(
        related='partner_id.campaign_touch_ids', string="What He Got So Far")

    _call_queue_idx = models.Index(
        "(call_state, next_call_at, id) WHERE call_state IN ('callback', 'no_answer', 'to_call')")
    _call_held_idx = models.Index("(call_user_id) WHERE call_user_id IS NOT NULL")

    @api.depends('state', 'call_step_id', 'call_since', 'campaign_id.state')
    def _compute_call_state(self):
        super()._compute_call_state()

    def action_view_calls(self):
        """Open the calls about the member."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_calls.crm_call_action')
        return {
            **action, 'context': {'create': False},
            'domain': [('res_model', '=', self._name), ('res_id', '=', self.id)]}

    def get_call_script(self):
        """Return the script of the step, else the first one that fits; see `crm.call.script`."""
        script = self.call_step_id.script_id
        return script._prepare_for(self) if script else super().get_call_script()

    def _is_worth_calling(self):
        return (
            bool(self.call_step_id) and self.state not in OVER
            and self.campaign_id.state == 'running')

    def _next_call_state(self):
        call = self.last_call_id
        if self._is_worth_calling():
            if not call or call.date_start < self.call_since:
                return 'to_call'
            if call.outcome_kind == 'won':
                return 'done'
        return super()._next_call_state()

    def _check_call(self, outcome, callback_at, duration):
        super()._check_call(outcome, callback_at, duration)
        if not self._is_worth_calling():
            raise UserError(self.env._(
                "%(customer)s is not to be called for %(campaign)s. "
                "Log the call on the customer instead.",
                customer=self.display_name, campaign=self.campaign_id.title))

    def _call_logged(self, call):
        super()._call_logged(call)
        self._end_call_touch(call)
        if call.outcome_kind in ('lost', 'opt_out'):
            self._set_declined()
        elif call.outcome_kind == 'won':
            self._set_responded(call.date_start)
        elif call.outcome_kind not in UNREACHED_KINDS:
            self._set_contacted(call.date_start)

    def _end_call_touch(self, call):
        """Say of the touch that waited for the call what became of it, when it has."""
        touches = self.touch_ids.filtered(
            lambda touch: touch.channel == 'call' and touch.state == 'waiting')
        if call.outcome_kind not in UNREACHED_KINDS:
            touches.write({'state': 'done', 'date': call.date_start, 'user_id': call.user_id.id})
        elif self.call_state == 'done':
            touches.write({'state': 'failed', 'reason': call.outcome_id.name})

    @api.model
    def _call_form_view_id(self):
        return self.env.ref('crm_campaigns.crm_campaign_member_view_form_call').id

    @api.model
    def _field_writers(self, name):
        return super()._field_writers(name) if name in CALL_FIELDS else PLANNERS
