from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

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
    script = fields.Json(compute='_compute_script')
    answers = fields.Json()
    purpose = fields.Char(compute='_compute_purpose')
    outcome_id = fields.Many2one(
        'crm.call.outcome', required=True, domain="[('purpose', 'in', [False, purpose])]")
    outcome_kind = fields.Selection(related='outcome_id.kind', string="Kind of Outcome")
    callback_at = fields.Datetime("Call Back at")
    callback_personal = fields.Boolean("Only I Call Back", default=True)
    callback_hint = fields.Char(compute='_compute_callback_hint')
    ask_difficulty = fields.Boolean(related='outcome_id.ask_difficulty')
    difficulty_id = fields.Many2one(
        'crm.call.difficulty', "Payment Difficulty", compute='_compute_difficulty_id', store=True,
        readonly=False)
    advice = fields.Text(related='difficulty_id.advice')
    duration = fields.Float(
        "Duration (min)", compute='_compute_duration', store=True, readonly=False
    )
    note = fields.Text()

    @api.depends('res_model', 'res_id')
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard._document()._call_partner()

    @api.depends('res_model')
    def _compute_purpose(self):
        for wizard in self:
            wizard.purpose = wizard._document()._call_purpose

    @api.depends('res_model', 'res_id')
    def _compute_script(self):
        for wizard in self:
            wizard.script = wizard._document().get_call_script()

    @api.depends('callback_at', 'partner_id')
    def _compute_callback_hint(self):
        for wizard in self:
            company = wizard._document().company_id or self.env.company
            moment = wizard.partner_id._next_call_time(wizard.callback_at, company)
            zone = wizard.partner_id._call_zone(company)
            there = moment and format_datetime(self.env, moment, tz=zone, dt_format='short')
            here = moment and format_datetime(self.env, moment, dt_format='short')
            wizard.callback_hint = False
            if moment != wizard.callback_at:
                wizard.callback_hint = self.env._(
                    "The customer may not be called then. "
                    "Moved to %(here)s; there it is %(there)s.",
                    here=here, there=there)
            elif there != here:
                wizard.callback_hint = self.env._("There it is %s.", there)

    @api.depends('res_model', 'res_id')
    def _compute_difficulty_id(self):
        for wizard in self:
            wizard.difficulty_id = wizard._document()._call_difficulty()

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
        self._document().log_call(
            self.outcome_id, callback_at, self.duration, self.note, self.answers or None,
            difficulty=self.difficulty_id if self.ask_difficulty else None,
            callback_personal=self.callback_personal)
        return {'type': 'ir.actions.act_window_close'}

    def action_log_and_next(self):
        """Log the call and open the next document of the queue."""
        self.action_log()
        return self._document().action_call_next()

    def _document(self):
        """Return the document the call is about."""
        return self.env[self.res_model].browse(self.res_id)
