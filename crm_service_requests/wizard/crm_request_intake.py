import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, plaintext2html

from odoo.addons.crm_roles.notification import notify

SUBJECT_LENGTH = 70
NUMBER = re.compile(r'[\d\s()+./-]{5,}')
# Not the point of an abbreviation or an ordinal.
SENTENCE_END = re.compile(r'(?<=\w\w)[.!?]+(?=\s+[^\W\d_a-z]|$)')
# How many people are offered when several fit.
CANDIDATES = 6


def propose_subject(text):
    """Return the first sentence of a text, as far as it fits into a subject.

    >>> propose_subject("The saw is loud. It was bought in May.")
    'The saw is loud'
    >>> propose_subject("Wants 20 clamps" + chr(10) + "by Friday")
    'Wants 20 clamps'
    >>> propose_subject("No end " * 20)[-10:]
    'end No end'
    """
    line = (text or '').strip().split('\n')[0]
    ends = (end.start() for end in SENTENCE_END.finditer(line))
    sentence = line[:next(ends, len(line))].rstrip(' .!?')
    if len(sentence) <= SUBJECT_LENGTH:
        return sentence
    return sentence[:SUBJECT_LENGTH].rsplit(' ', 1)[0]


class CrmRequestIntake(models.TransientModel):
    """The dialog in which a request is taken down while the customer is on the phone."""

    _name = 'crm.request.intake'
    _description = "New Request by Phone"

    caller = fields.Char(
        "Who Calls", help="His number, name, mail address, or the number of a request.")
    candidates = fields.Json(compute='_compute_candidates')
    partner_id = fields.Many2one(
        'res.partner', "Customer", compute='_compute_partner_id', store=True, readonly=False)
    phone = fields.Char(compute='_compute_phone', store=True, readonly=False)
    may_create_partner = fields.Boolean(compute='_compute_may_create_partner')
    new_name = fields.Char("New Contact", help="Registered as a new contact with this number.")
    type_id = fields.Many2one(
        'crm.request.type', required=True, default=lambda self: self._default_type_id(),
        domain=lambda self: self._type_domain())
    description = fields.Text("What He Wants")
    name = fields.Char("Subject", compute='_compute_name', store=True, readonly=False)
    priority = fields.Selection(
        lambda self: self.env['crm.request']._fields['priority'].selection, default='0')
    is_mine = fields.Boolean("I Answer for It", default=True)
    call_id = fields.Many2one('crm.call', help="The call that is under way.")
    date_start = fields.Datetime(default=fields.Datetime.now)

    @api.model
    def _type_domain(self):
        domain = Domain('company_id', 'in', [False, self.env.company.id])
        if not self.env.user.has_group('crm_roles.group_service_supervisor'):
            domain &= Domain('supervisor_only', '=', False)
        return list(domain)

    @api.model
    def _default_type_id(self):
        return self.env['crm.request.type'].search(self._type_domain(), limit=1)

    @api.depends('caller')
    def _compute_candidates(self):
        for intake in self:
            intake.candidates = [
                {'id': partner.id, 'name': partner.display_name,
                 'detail': partner.phone or partner.email or partner.city or ''}
                for partner in intake._find_callers()]

    @api.depends('caller')
    def _compute_partner_id(self):
        for intake in self:
            found = intake._find_callers()
            # A company and its contacts are one customer.
            customers = found.commercial_partner_id
            if len(found) == 1 or len(customers) == 1 and customers in found:
                intake.partner_id = found if len(found) == 1 else customers
            elif intake.caller:
                intake.partner_id = intake.partner_id & found

    @api.depends('caller', 'partner_id')
    def _compute_phone(self):
        for intake in self:
            intake.phone = intake.caller if intake._is_number() else (
                intake.partner_id.phone or intake.phone)

    def _compute_may_create_partner(self):
        self.may_create_partner = self.env['res.partner'].has_access('create')

    @api.depends('description')
    def _compute_name(self):
        for intake in self:
            intake.name = intake.name or propose_subject(intake.description)

    def _is_number(self):
        """Return whether the caller is given by his telephone number.

        :rtype: bool
        """
        return bool(NUMBER.fullmatch((self.caller or '').strip()))

    def _find_callers(self):
        """Return who may be meant, by a telephone number, a request, a mail address or a name.

        :rtype: res.partner
        """
        self.ensure_one()
        partners, text = self.env['res.partner'], (self.caller or '').strip()
        if len(text) < 3:
            return partners
        if self._is_number():
            return partners._find_by_phone(text, self.env.company)
        if '@' in text:
            return partners.search(
                [('email_normalized', '=', email_normalize(text, strict=False))],
                order='customer_rank DESC, id', limit=CANDIDATES)
        return self.env['crm.request']._find_by_number([text.upper()]).partner_id or (
            partners.search(
                [('complete_name', 'ilike', text), ('partner_share', '=', True)],
                order='customer_rank DESC, complete_name, id', limit=CANDIDATES))

    # What becomes of it

    def action_save(self):
        """Make the request and log the call; open the request.

        :rtype: dict
        """
        return self.env['crm.call']._open_action(self._make_request())

    def action_save_and_new(self):
        """Make the request and log the call; open an empty dialog and tell the number.

        :rtype: dict
        """
        request = self._make_request()
        return notify(
            self.env._("%(request)s is registered.", request=request.display_name),
            self.env['crm.request.intake']._action())

    def action_add_to(self, request_id):
        """Add what the customer says to a request he has already made; open that.

        :param int request_id: the request
        :rtype: dict
        :raise UserError: if nothing was written down
        """
        self.ensure_one()
        request = self.env['crm.request'].browse(request_id)
        if not (self.description or '').strip():
            raise UserError(self.env._(
                "%(request)s: write down what the customer says before you add it.",
                request=request.display_name))
        message = request.message_post(
            body=plaintext2html(self.description), message_type='comment',
            subtype_xmlid='mail.mt_note')
        request._heard_from_outside(message)
        self._log_call(request)
        return self.env['crm.call']._open_action(request)

    def _make_request(self):
        """Return the request as it was taken down, with the call logged."""
        self.ensure_one()
        if self.new_name and not self.partner_id:
            self.partner_id = self.env['res.partner'].create(
                {'name': self.new_name, 'phone': self.phone})
        request = self.env['crm.request'].create(self._prepare_request_values())
        self._log_call(request)
        return request

    def _prepare_request_values(self):
        """Return the values of the request.

        :raise UserError: if there is neither a subject nor a text
        """
        if not self.name:
            raise UserError(self.env._(
                "Write down in a word what the customer wants before you save the request."))
        return {
            'name': self.name,
            'type_id': self.type_id.id,
            'channel': 'phone',
            'priority': self.priority,
            'partner_id': self.partner_id.id,
            'phone': self.phone,
            'description': self.description and plaintext2html(self.description),
            'user_id': self.is_mine and self.env.uid,
        }

    def _log_call(self, request):
        """Log the call as one about the request, in that of the dialler if there is one."""
        values = {
            'direction': 'incoming',
            'partner_id': (self.partner_id or request.partner_id).id,
            'phone': self.phone,
            'company_id': request.company_id.id,
            'date_start': self.date_start,
            'duration': round(
                (fields.Datetime.now() - self.date_start).total_seconds() / 60, 1),
            'note': self.name or propose_subject(self.description),
            'res_model': request._name,
            'res_id': request.id,
        }
        if self.call_id:
            told = ('date_start', 'duration', 'direction', 'phone')
            self.call_id.write(
                {name: value for name, value in values.items() if name not in told})
        else:
            self.env['crm.call']._keep(values)

    @api.model
    def _action(self, **defaults):
        """Return the action that opens the dialog.

        :param defaults: values of its fields
        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_intake_action')
        return {**action, 'context': {
            'dialog_size': 'extra-large',
            **{f'default_{name}': value for name, value in defaults.items()}}}
