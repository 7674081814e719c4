from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_call_outcome import UNREACHED_KINDS


class CrmCall(models.Model):
    """One telephone call with a customer, about a document or about nothing in particular."""

    _name = 'crm.call'
    _description = "Call"
    _order = 'date_start DESC, id DESC'
    _rec_names_search = ['partner_id', 'phone', 'note']

    direction = fields.Selection(
        [('outgoing', "Outgoing"), ('incoming', "Incoming")], default='outgoing', required=True)
    partner_id = fields.Many2one('res.partner', "Customer", index=True, ondelete='restrict')
    phone = fields.Char(compute='_compute_phone', store=True, precompute=True, readonly=False)
    user_id = fields.Many2one(
        'res.users', "Caller", default=lambda self: self.env.user, index=True,
        domain=[('share', '=', False)], ondelete='restrict')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    date_start = fields.Datetime("Date", required=True, index=True, default=fields.Datetime.now)
    duration = fields.Float("Duration (min)", aggregator='sum')
    outcome_id = fields.Many2one('crm.call.outcome', index=True, ondelete='restrict')
    outcome_kind = fields.Selection(
        related='outcome_id.kind', store=True, string="Kind of Outcome")
    callback_at = fields.Datetime(
        "Call Again at", compute='_compute_callback_at', store=True, precompute=True, readonly=False
    )
    callback_personal = fields.Boolean(
        "Call-Back Is Personal", default=True,
        help="Only its caller is sent to make the call-back, until it is a day late.")
    difficulty_id = fields.Many2one(
        'crm.call.difficulty', "Payment Difficulty", index='btree_not_null', ondelete='restrict')
    note = fields.Text()
    answer_ids = fields.One2many('crm.call.answer', 'call_id', "Answers", readonly=True)
    mail_sent = fields.Boolean(
        readonly=True, copy=False, help="The customer got the mail of the outcome after it.")
    recording_url = fields.Char("Recording")
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field='res_model', readonly=True, index='btree_not_null')
    document_ref = fields.Reference(
        selection='_selection_document_ref', string="About", compute='_compute_document_ref')
    reached = fields.Boolean(
        compute='_compute_reached', store=True, aggregator='bool_or',
        help="Somebody at the customer's answered.")
    reach_rate = fields.Float(
        "Reach Rate (%)", compute='_compute_reached', store=True, aggregator='avg',
        help="Share of the calls in which somebody answered.")

    _check_duration = models.Constraint(
        'CHECK(duration >= 0)', "A call cannot last less than 0 minutes.")

    @api.depends('partner_id')
    def _compute_phone(self):
        for call in self:
            call.phone = (
                call.phone or call.partner_id.phone or call.partner_id.commercial_partner_id.phone
            )

    @api.depends('outcome_id', 'date_start')
    def _compute_callback_at(self):
        for call in self:
            outcome = call.outcome_id
            if outcome.kind in ('no_answer', 'progress', 'won'):
                call.callback_at = call.partner_id._next_call_time(
                    call.date_start + timedelta(hours=outcome.retry_hours), call.company_id)
            elif outcome.kind != 'callback':
                call.callback_at = False

    @api.model
    def _queue_models(self):
        """Return the names of the models whose documents wait in a queue to be called about.

        :rtype: list[str]
        """
        return [
            name for name, model in self.env.registry.items()
            if not model._abstract and 'call_state' in model._fields]

    @api.model
    def _selection_document_ref(self):
        """Return the models whose records are worked by phone, as options of a reference."""
        models = self.env['ir.model']._get(self._name).browse(
            [self.env['ir.model']._get_id(name) for name in self._queue_models()])
        # sudo: ir.model - names of document types only
        return [(model.model, model.name) for model in models.sudo()]

    @api.depends('res_model', 'res_id')
    def _compute_document_ref(self):
        self.document_ref = False
        for model, calls in self.filtered('res_id').grouped('res_model').items():
            documents = self.env[model].browse(calls.mapped('res_id')).exists() \
                if model in self.env else self.browse()
            there = dict(zip(documents.ids, documents, strict=True))
            for call in calls:
                call.document_ref = there.get(call.res_id, False)

    @api.depends('outcome_kind')
    def _compute_reached(self):
        for call in self:
            call.reached = bool(call.outcome_kind) and call.outcome_kind not in UNREACHED_KINDS
            call.reach_rate = 100.0 * call.reached

    @api.depends('partner_id', 'direction', 'date_start')
    def _compute_display_name(self):
        for call in self:
            day = fields.Date.to_string(fields.Datetime.context_timestamp(call, call.date_start))
            call.display_name = self.env._(
                "%(customer)s, %(day)s",
                customer=call.partner_id.display_name or call.phone or self.env._("Unknown"),
                day=day,
            )

    @api.constrains('outcome_id', 'difficulty_id')
    def _check_difficulty_id(self):
        for call in self:
            if call.outcome_id.ask_difficulty and not call.difficulty_id:
                raise ValidationError(self.env._(
                    "%(call)s ended with \"%(outcome)s\": say what keeps the customer from paying.",
                    call=call.display_name, outcome=call.outcome_id.name))

    @api.constrains('callback_at', 'outcome_id', 'date_start')
    def _check_callback_at(self):
        for call in self:
            if call.outcome_id.kind != 'callback':
                continue
            if not call.callback_at:
                raise ValidationError(
                    self.env._(
                        "%(call)s ended with \"%(outcome)s\": "
                        "say when the customer is to be called again.",
                        call=call.display_name,
                        outcome=call.outcome_id.name,
                    )
                )
            if call.callback_at <= call.date_start:
                raise ValidationError(self.env._(
                    "%(call)s: the call-back must be later than the call itself. "
                    "Choose a time that is still to come.",
                    call=call.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls._respect_opt_out()
        return calls

    def write(self, vals):
        result = super().write(vals)
        if 'outcome_id' in vals:
            self._respect_opt_out()
        return result

    def _respect_opt_out(self):
        """Put the numbers of who wants no calls on the list of numbers nobody calls."""
        numbers = {
            call.partner_id._phone_format(number=call.phone) if call.partner_id
            else self.env.user._phone_format(number=call.phone)
            for call in self if call.outcome_kind == 'opt_out' and call.phone
        }
        if numbers := sorted(filter(None, numbers)):
            # sudo: phone.blacklist - whoever hears that somebody wants no calls has it noted
            self.env['phone.blacklist'].sudo()._add(
                numbers, message=self.env._("Said on the phone that calls are not wanted."))
