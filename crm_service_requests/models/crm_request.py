from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, is_html_empty

from odoo.addons.crm_roles.turn import one_at_a_time

STATES = [
    ('new', "New"),
    ('open', "In Progress"),
    ('waiting', "Waiting"),
    ('solved', "Solved"),
    ('closed', "Closed"),
    ('cancelled', "Cancelled"),
]
TRANSITIONS = {
    'new': {'open', 'waiting', 'solved', 'closed', 'cancelled'},
    'open': {'waiting', 'solved', 'closed', 'cancelled'},
    'waiting': {'open', 'solved', 'closed', 'cancelled'},
    'solved': {'open', 'closed'},
    'closed': {'open'},
    'cancelled': {'open'},
}
# Somebody has still to do something.
PENDING_STATES = ['new', 'open', 'waiting']
CHANNELS = [
    ('mail', "Mail"),
    ('web', "Website"),
    ('phone', "Phone"),
    ('fax', "Fax or Scan"),
    ('portal', "Portal"),
    ('rule', "Rule"),
]
# What a request may be about, as far as it is installed.
ORIGIN_MODELS = [
    'sale.order', 'purchase.order', 'stock.picking', 'account.move', 'account.payment']


class CrmRequest(models.Model):
    """What a customer wants of the company, from its receipt to the answer."""

    _name = 'crm.request'
    _description = "Service Request"
    _inherit = [
        'portal.mixin', 'rating.mixin', 'mail.activity.mixin', 'mail.thread.cc',
        'crm.process.mixin', 'crm.write.guard']
    _order = 'priority DESC, date_received, id'
    _rec_names_search = ['number', 'name', 'partner_id']
    _check_company_auto = True
    _primary_email = 'email_from'
    _mail_post_access = 'read'

    number = fields.Char(
        "Registration Number", default='/', required=True, readonly=True, copy=False,
        index='trigram')
    name = fields.Char("Subject", required=True, tracking=True, index='trigram')
    state = fields.Selection(
        STATES, "Status", default='new', required=True, copy=False, tracking=True, index=True,
        group_expand=True)
    type_id = fields.Many2one(
        'crm.request.type', default=lambda self: self._default_type_id(), required=True,
        tracking=True, index=True, check_company=True, ondelete='restrict')
    kind = fields.Selection(related='type_id.kind', store=True)
    channel = fields.Selection(CHANNELS, default='phone', required=True)
    priority = fields.Selection(
        [('0', "Normal"), ('1', "Important"), ('2', "Urgent"), ('3', "Critical")], default='0',
        tracking=True)
    process_id = fields.Many2one(
        related='type_id.process_id', store=True, string="Norms", index='btree_not_null')

    partner_id = fields.Many2one(
        'res.partner', "Customer", tracking=True, index=True, check_company=True,
        ondelete='restrict', help="Who asks: the customer or his contact.")
    commercial_partner_id = fields.Many2one(
        related='partner_id.commercial_partner_id', store=True, string="Company of the Customer",
        index=True)
    email_from = fields.Char(
        "Email", compute='_compute_email_from', store=True, precompute=True, readonly=False)
    email_normalized = fields.Char(
        "Address", compute='_compute_email_normalized', store=True, precompute=True)
    phone = fields.Char(
        compute='_compute_phone', store=True, precompute=True, readonly=False)
    user_id = fields.Many2one(
        'res.users', "Responsible", tracking=True, index=True, copy=False,
        domain=[('share', '=', False)])
    team_id = fields.Many2one(
        'crm.team', compute='_compute_team_id', store=True, precompute=True, readonly=False,
        tracking=True, check_company=True, index='btree_not_null')
    assigned_partner_id = fields.Many2one(
        'res.partner', "Outside Party", tracking=True, index='btree_not_null', check_company=True,
        ondelete='restrict', copy=False,
        help="A supplier or customer who must act. He sees the request in his portal, and while "
             "it is his turn the time is his.")
    turn = fields.Selection(
        [('us', "Ours"), ('customer', "The Customer's"), ('partner', "The Outside Party's")],
        "Whose Turn", compute='_compute_turn')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)

    date_received = fields.Datetime(
        "Received", required=True, default=fields.Datetime.now, copy=False)
    date_first_answer = fields.Datetime(
        "First Answer", readonly=True, copy=False,
        help="When somebody of the company answered the customer for the first time.")
    date_last_answer = fields.Datetime("Last Answer of Ours", readonly=True, copy=False)
    date_customer = fields.Datetime("Last Word of the Customer", readonly=True, copy=False)
    date_solved = fields.Datetime("Solved on", readonly=True, copy=False)
    date_closed = fields.Datetime("Closed on", readonly=True, copy=False)
    duration = fields.Float(
        "Time Spent", copy=False, tracking=True, help="Hours of work, without the calls.")
    reopen_count = fields.Integer("Reopened", readonly=True, copy=False)

    description = fields.Html(sanitize_attributes=False)
    properties = fields.Properties(
        "Details", definition='type_id.properties_definition', copy=True)
    origin_ref = fields.Reference(
        '_selection_origin_ref', "About", copy=False,
        help="The order, bill, payment or transfer that the request is about.")
    solution = fields.Html(sanitize_attributes=False, copy=False)
    resolution_id = fields.Many2one(
        'crm.request.resolution', copy=False, tracking=True, ondelete='restrict',
        domain="['|', ('type_ids', '=', False), ('type_ids', 'in', type_id)]")
    closed_by = fields.Selection(
        [('employee', "Employee"), ('customer', "Customer"), ('silence', "Silence"),
         ('rule', "Rule")], readonly=True, copy=False)

    sale_order_ids = fields.One2many('sale.order', 'crm_request_id', "Orders")
    invoice_ids = fields.One2many('account.move', 'crm_request_id', "Bills")
    call_ids = fields.One2many(
        'crm.call', 'res_id', "Calls", domain=[('res_model', '=', 'crm.request')],
        readonly=True, bypass_search_access=True)
    merged_into_id = fields.Many2one(
        'crm.request', "Merged into", readonly=True, copy=False, index='btree_not_null',
        help="What comes in under the number of this request goes there.")
    merged_ids = fields.One2many('crm.request', 'merged_into_id', "Merged Requests")
    split_from_id = fields.Many2one(
        'crm.request', readonly=True, copy=False, index='btree_not_null')
    split_ids = fields.One2many('crm.request', 'split_from_id', "Split off")
    is_late = fields.Boolean("Late", compute='_compute_is_late', search='_search_is_late')

    _number_uniq = models.UniqueIndex(
        "(number) WHERE number <> '/'", "The registration number of a request must be unique.")
    # The order of the list.
    _urgency_idx = models.Index("(priority DESC, date_received, id)")
    _pending_idx = models.Index(
        "(user_id, priority DESC, date_received) WHERE state IN ('new', 'open', 'waiting')")
    _pending_partner_idx = models.Index(
        "(commercial_partner_id, type_id) WHERE state IN ('new', 'open', 'waiting')")
    _email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _duration = models.Constraint(
        'CHECK (duration >= 0)', "The time spent on a request cannot be below zero.")

    @api.model
    def _default_type_id(self):
        return self.env['crm.request.type'].search(
            [('company_id', 'in', [False, self.env.company.id])], limit=1)

    @api.depends('number', 'name')
    def _compute_display_name(self):
        for request in self:
            known = request.number and request.number != '/'
            request.display_name = (
                f'{request.number} {request.name or ""}'.strip() if known else request.name)

    @api.depends('partner_id')
    def _compute_email_from(self):
        for request in self:
            request.email_from = request.partner_id.email or request.email_from

    @api.depends('email_from')
    def _compute_email_normalized(self):
        for request in self:
            request.email_normalized = email_normalize(request.email_from or '', strict=False)

    @api.depends('partner_id')
    def _compute_phone(self):
        for request in self:
            request.phone = request.partner_id.phone or request.phone

    @api.depends('type_id')
    def _compute_team_id(self):
        for request in self:
            request.team_id = request.team_id or request.type_id.team_id

    @api.depends('state', 'assigned_partner_id')
    def _compute_turn(self):
        for request in self:
            if request.state in ('new', 'open'):
                request.turn = 'us'
            elif request.state == 'waiting':
                request.turn = 'partner' if request.assigned_partner_id else 'customer'
            else:
                request.turn = False

    def _compute_is_late(self):
        late = self.filtered(
            lambda request: request.state in PENDING_STATES and request.process_status == 'late')
        late.is_late = True
        (self - late).is_late = False

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._late_domain()

    def _compute_access_url(self):
        super()._compute_access_url()
        for request in self:
            request.access_url = f'/my/requests/{request.id}'

    @api.model
    def _selection_origin_ref(self):
        return [
            (name, self.env['ir.model']._get(name).name)
            for name in ORIGIN_MODELS if name in self.env]

    # What requests there are

    @api.model
    def _pending_domain(self):
        """Return the requests on which somebody has still to do something.

        :rtype: Domain
        """
        return Domain('state', 'in', PENDING_STATES)

    @api.model
    def _late_domain(self):
        """Return the pending requests that are behind a norm.

        :rtype: Domain
        """
        return self._pending_domain() & Domain('process_status', '=', 'late')

    @api.model
    def _unassigned_domain(self):
        """Return the pending requests for which nobody answers.

        :rtype: Domain
        """
        return self._pending_domain() & Domain('user_id', '=', False)

    @api.model
    def _customer_domain(self, partners):
        """Return the requests of customers, whichever of their contacts asks.

        :param partners: commercial entities
        :rtype: Domain
        """
        return Domain('commercial_partner_id', 'in', partners.ids)

    @api.model
    def _find_by_number(self, numbers):
        """Return the requests that have one of some registration numbers.

        What was merged is answered by what it was merged into.

        :param numbers: numbers, or words of which some may be one
        :type numbers: Iterable[str]
        :rtype: crm.request
        """
        found = self.search([('number', 'in', list(numbers)), ('number', '!=', '/')])
        return found._survivors()

    def _survivors(self):
        """Return the requests, each replaced by what it was merged into.

        :rtype: crm.request
        """
        result = self.browse()
        for request in self:
            while request.merged_into_id:
                request = request.merged_into_id
            result |= request
        return result

    # Life of a request

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._assign_numbers()
        requests._subscribe_customers()
        return requests

    def write(self, vals):
        if 'state' in vals:
            self._check_transition(vals['state'])
            for state, requests in self.grouped('state').items():
                super(CrmRequest, requests).write(requests._moved_values(state, vals))
        else:
            super().write(vals)
        if 'type_id' in vals:
            self._check_supervisor_only()
        if 'assigned_partner_id' in vals and 'state' not in vals:
            self._give_turn(bool(vals['assigned_partner_id']))
        if {'partner_id', 'assigned_partner_id'} & vals.keys():
            self._subscribe_customers()
        return True

    def copy_data(self, default=None):
        return [
            {**vals, 'name': self.env._("%(request)s (copy)", request=request.name)}
            | (default or {})
            for request, vals in zip(self, super().copy_data(default), strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        for request in self.filtered(lambda request: request.state not in ('new', 'cancelled')):
            raise UserError(self.env._(
                "%(request)s was worked on and is kept. Cancel it instead.",
                request=request.display_name))

    @api.constrains('state', 'solution', 'closed_by', 'resolution_id')
    def _check_solution(self):
        for request in self:
            by_employee = request.state == 'solved' or (
                request.state == 'closed' and request.closed_by == 'employee')
            if not by_employee or not request.type_id.solution_required:
                continue
            if is_html_empty(request.solution):
                raise ValidationError(self.env._(
                    "%(request)s: say how it was solved before you close it.",
                    request=request.display_name))
            if not request.resolution_id:
                raise ValidationError(self.env._(
                    "%(request)s: choose a resolution before you close it.",
                    request=request.display_name))

    def _assign_numbers(self):
        """Number the requests by the sequences of their types and companies."""
        for (kind, company), requests in self.filtered(
                lambda request: request.number == '/').grouped(
                lambda request: (request.type_id, request.company_id)).items():
            numbers = kind._next_numbers(company, len(requests))
            for request, number in zip(requests, numbers, strict=True):
                request.number = number

    def _subscribe_customers(self):
        """Let the customers and the outside parties follow their requests, all at once."""
        default, _internal, external = self.env['mail.message.subtype'].default_subtypes(self._name)
        myself = self.env.user.partner_id
        # sudo: mail.followers - whoever makes a request lets its parties know of it
        followers_sudo = self.env['mail.followers'].sudo()
        following = {(follower.res_id, follower.partner_id) for follower in followers_sudo.search(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids)])}
        followers_sudo.with_context(default_partner_id=False).create([
            {'res_model': self._name, 'res_id': request.id, 'partner_id': partner.id,
             'subtype_ids': [Command.set(
                 (external if partner.partner_share and partner != myself else default).ids)]}
            for request in self.with_env(followers_sudo.env)
            for partner in request.partner_id | request.assigned_partner_id
            if partner.active and (request.id, partner) not in following])

    def _check_transition(self, state):
        """Refuse `state` unless every request may go there from where it is."""
        labels = dict(self._fields['state']._description_selection(self.env))
        for request in self.filtered(
                lambda request: request.state != state
                and state not in TRANSITIONS.get(request.state, ())):
            raise UserError(self.env._(
                "%(request)s is %(current)s and cannot become %(next)s.",
                request=request.display_name, current=labels[request.state],
                next=labels.get(state, state)))
        for request in self.filtered('merged_into_id'):
            raise UserError(self.env._(
                "%(request)s was merged into %(other)s. Go on there.",
                request=request.display_name, other=request.merged_into_id.display_name))

    def _check_supervisor_only(self):
        """Refuse to hand a request over to a type on which the user may not work."""
        for request in self.filtered('type_id.supervisor_only'):
            if not self.env.su and not self.env.user.has_group(
                    'crm_roles.group_service_supervisor'):
                raise UserError(self.env._(
                    "%(request)s: only service supervisors work on requests of the type "
                    "\"%(type)s\". Ask one of them.", request=request.display_name,
                    type=request.type_id.name))

    def _moved_values(self, state, vals):
        """Return what changes with the state.

        :param str state: the state in which all the requests are
        :param dict vals: what is written, with the new state
        :rtype: dict
        """
        new, now = vals['state'], fields.Datetime.now()
        if new == state:
            return vals
        moved = {}
        if new == 'closed':
            moved = {'date_closed': now, 'closed_by': vals.get('closed_by') or 'employee'}
        if new == 'solved' or new == 'closed' and state != 'solved':
            moved['date_solved'] = now
        if state in ('solved', 'closed', 'cancelled'):
            if new == 'open':
                moved = {'date_solved': False, 'date_closed': False, 'closed_by': False}
        return {**moved, **vals}

    def _give_turn(self, outside):
        """Let what is pending wait for the outside party, or go on when there is none.

        :param bool outside: whether somebody outside must act
        """
        before, after = (('new', 'open'), 'waiting') if outside else (('waiting',), 'open')
        self.filtered(lambda request: request.state in before).state = after

    def _mark_answered(self):
        """Remember that somebody of the company answered, the first time and the last."""
        now = fields.Datetime.now()
        # sudo: crm.request - whoever answers a customer is noted, not only who may write it
        requests_sudo = self.sudo()
        requests_sudo.filtered(
            lambda request: not request.date_first_answer).date_first_answer = now
        requests_sudo.date_last_answer = now

    # What people do with it

    @one_at_a_time
    def action_open(self):
        """Take up the requests; what nobody answers for becomes the user's."""
        answered = self.filtered('user_id')
        answered.state = 'open'
        (self - answered).write({'state': 'open', 'user_id': self.env.uid})

    @one_at_a_time
    def action_wait(self):
        """Wait for the customer or the outside party; meanwhile the clock stands."""
        self.state = 'waiting'

    @one_at_a_time
    def action_solve(self):
        """Tell the customer that his request is solved; he may say that it is not.

        :raise ValidationError: if the solution or the resolution is missing
        """
        self.state = 'solved'

    @one_at_a_time
    def action_close(self):
        """Close the requests as an employee.

        :raise ValidationError: if the solution or the resolution is missing
        """
        self.write({'state': 'closed', 'closed_by': 'employee'})

    @one_at_a_time
    def action_cancel(self):
        """Give up the requests: they were made by mistake."""
        self.state = 'cancelled'

    @one_at_a_time
    def action_reopen(self):
        """Take up again what was solved, closed or cancelled.

        :raise UserError: if a request is pending anyway, or merged into another one
        """
        for request in self:
            if request.state in PENDING_STATES:
                raise UserError(self.env._(
                    "%(request)s is not closed.", request=request.display_name))
            request.write({'state': 'open', 'reopen_count': request.reopen_count + 1})

    # What followers hear

    def _creation_subtype(self):
        return self.env.ref('crm_service_requests.mt_request_new')

    def _track_subtype(self, initial_values):
        self.ensure_one()
        if 'state' in initial_values and self.state in ('solved', 'closed'):
            return self.env.ref('crm_service_requests.mt_request_done')
        return super()._track_subtype(initial_values)
