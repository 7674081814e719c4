from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_request_decision import RETURN_STATES


class CrmRequest(models.Model):
    """A return: what is to go back, decided at once by the policy in force."""

    _inherit = 'crm.request'

    return_line_ids = fields.One2many('crm.request.return.line', 'request_id', "To Return")
    return_state = fields.Selection(
        RETURN_STATES, "Decision", compute='_compute_return_state', store=True, index=True)
    return_overridden = fields.Boolean(
        "Overridden", compute='_compute_return_state', store=True,
        help="A supervisor decided otherwise than the system.")
    return_policy_id = fields.Many2one(
        'crm.return.policy', readonly=True, copy=False, ondelete='set null',
        help="By which the return was decided.")
    return_answer = fields.Text("Answer", compute='_compute_return_answer')
    return_currency_id = fields.Many2one(related='company_id.currency_id')
    return_amount = fields.Monetary(
        "Refund", compute='_compute_return_amount', currency_field='return_currency_id',
        help="Without taxes, after restocking fees, in the currency of the company.")
    decision_ids = fields.One2many('crm.request.decision', 'request_id', "Decisions", readonly=True)

    @api.depends('kind', 'return_line_ids.decision', 'return_line_ids.decided_by')
    def _compute_return_state(self):
        for request in self:
            lines = request.return_line_ids
            decisions = set(lines.mapped('decision'))
            request.return_overridden = 'supervisor' in lines.mapped('decided_by')
            if request.kind != 'return' and not lines:
                request.return_state = False
            elif not decisions or False in decisions:
                request.return_state = 'draft'
            else:
                request.return_state = 'partial' if len(decisions) > 1 else decisions.pop()

    @api.depends('return_state', 'return_line_ids.decision_reason')
    def _compute_return_answer(self):
        for request in self:
            request.return_answer = "\n".join(
                f'{line.product_id.display_name}: {line.decision_reason}'
                for line in request.return_line_ids if line.decision)

    @api.depends('return_line_ids.amount', 'return_line_ids.decision')
    def _compute_return_amount(self):
        today = fields.Date.context_today(self)
        for request in self:
            request.return_amount = sum(
                line.currency_id._convert(
                    line.amount, request.return_currency_id, request.company_id, today)
                for line in request.return_line_ids if line.currency_id)

    def action_add_purchases(self):
        """Let the user choose what goes back among what the customer bought.

        :return: the action that shows his purchases, the newest first
        :rtype: dict
        :raise UserError: if the customer is not known, or the return is decided
        """
        self.ensure_one()
        if self.return_line_ids.filtered('decision'):
            self._refuse_decided()
        if not self.commercial_partner_id:
            raise UserError(self.env._(
                "%(request)s: say first who the customer is.", request=self.display_name))
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_return_purchase_action_choose')
        return {**action, 'context': {'return_request_id': self.id}, 'domain': [
            ('partner_id', '=', self.commercial_partner_id.id),
            ('company_id', '=', self.company_id.id), ('returnable', '>', 0),
            ('product_id.type', '=', 'consu'),
            ('sale_line_id', 'not in', self.return_line_ids.sale_line_id.ids),
            ('move_line_id', 'not in', self.return_line_ids.move_line_id.ids)]}

    def action_decide_return(self):
        """Have the policy in force decide on the returns.

        :raise UserError: if a return has no lines, or is decided, or no policy is in force
        """
        self.check_access('write')
        for request in self:
            request._check_to_decide()
        self.return_line_ids._lock_purchases()
        for request in self:
            policy = request._return_policy()
            request.return_line_ids._decide(policy)
            # sudo: crm.request - by which policy was decided is nobody's to write by hand
            request.sudo().return_policy_id = policy
            request._note_decision('system', policy=policy)
            request._propose_text(request.return_answer)

    def action_withdraw_return(self):
        """Take back the decisions, so that lines can be corrected and decided again.

        :raise UserError: if something was made of a return already
        :raise AccessError: if a supervisor decided, and the user is none
        """
        self.check_access('write')
        for request in self:
            if request.return_overridden:
                request._check_supervisor()
            request._check_nothing_made()
            before = request.return_answer
            # sudo: crm.request.return.line - the answer is nobody's to write by hand
            request.sudo().return_line_ids.write({
                'decision': False, 'decision_reason': False, 'decided_by': False, 'fee': 0.0,
                'rule_id': False})
            request._note_decision('withdrawn', self.env._("To be corrected and decided again."))
            request._propose_text(request.return_answer, before)

    def action_override_return(self):
        """Open the dialog in which a supervisor decides otherwise.

        :rtype: dict
        :raise AccessError: if the user is no supervisor
        """
        self.ensure_one()
        self._check_supervisor()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_override_action')
        return {**action, 'context': {'default_request_id': self.id}}

    def _override_return(self, lines, accepted, reason, fee=0.0):
        """Decide otherwise than the system did.

        :param lines: the lines of the return to decide otherwise
        :param bool accepted: what is decided
        :param str reason: why; it stays
        :param float fee: restocking fee in percent
        :raise AccessError: if the user is no supervisor
        :raise UserError: if the lines are decided so already, too many or made something of
        """
        self.ensure_one()
        self._check_supervisor()
        self._check_nothing_made()
        lines._lock_purchases()
        self._check_otherwise(lines, accepted)
        before = self.return_answer
        lines._write_decision(accepted, reason, 'supervisor', fee if accepted else 0.0)
        self._note_decision('override', reason, lines)
        self._propose_text(self.return_answer, before)
