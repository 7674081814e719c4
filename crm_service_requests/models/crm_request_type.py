from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = [
    ('information', "Information"),
    ('service', "Service"),
    ('debt', "Debt"),
    ('accounting', "Accounting"),
    ('warranty', "Warranty"),
    ('return', "Return"),
    ('complaint', "Complaint"),
    ('help', "Help"),
]
CONVERSIONS = [
    ('none', "Nothing"),
    ('quotation', "Quotation"),
    ('order', "Confirmed Order"),
    ('invoice', "Bill"),
    ('credit_note', "Credit Note"),
]


class CrmRequestType(models.Model):
    """A sort of request: what is asked, how it is numbered, who answers, what it becomes."""

    _name = 'crm.request.type'
    _description = "Type of Requests"
    _inherit = ['mail.alias.mixin.optional', 'rating.parent.mixin', 'mail.thread']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="The registration numbers of the type begin with it.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    kind = fields.Selection(
        KINDS, required=True, default='information',
        help="What is known of such requests, and what can be done with them.")
    company_id = fields.Many2one('res.company', help="Empty: for every company.")
    description = fields.Text(
        translate=True, help="Shown to customers where they choose what they need.")
    sequence_id = fields.Many2one(
        'ir.sequence', "Numbering", company_dependent=True, copy=False,
        help="Numbers the requests of one company. Empty: one is made with the first request.")
    properties_definition = fields.PropertiesDefinition("Fields")

    team_id = fields.Many2one(
        'crm.team', check_company=True, help="Answers what no routing rule gives to another.")
    supervisor_only = fields.Boolean(
        "For Supervisors", tracking=True,
        help="Representatives see these requests; only supervisors work on them.")
    portal_visible = fields.Boolean(
        "Offered to Customers", default=True,
        help="Customers may choose it on the website and in the portal.")
    process_id = fields.Many2one(
        'crm.process', "Norms", domain=[('model_name', '=', 'crm.request'),
                                        ('origin_id', '=', False)],
        index='btree_not_null', tracking=True,
        help="How long the first answer and the solution may take, and who is warned.")

    convert_to = fields.Selection(CONVERSIONS, "Becomes", default='none', required=True)
    convert_automatically = fields.Boolean(
        tracking=True, help="Made as soon as a request comes in, without anybody's hand.")
    product_id = fields.Many2one(
        'product.product', check_company=True, domain=[('sale_ok', '=', True)],
        help="Proposed as the line of the document a request becomes.")

    confirm_automatically = fields.Boolean(
        default=True, help="Who asks is told the registration number by mail, once.")
    confirm_template_id = fields.Many2one(
        'mail.template', "Confirmation", domain=[('model', '=', 'crm.request')])
    solution_required = fields.Boolean(
        "Ask for the Solution", default=True,
        help="An employee says how it was solved before he closes a request.")
    ask_rating = fields.Boolean("Ask for a Rating", default=True)
    reopen_days = fields.Integer(
        "Reopen within", default=14,
        help="Days after the closing in which an answer of the customer opens the request again. "
             "Later on it becomes a new request.")
    close_days = fields.Integer(
        "Close after", default=10,
        help="Working days without a word of the customer, whose turn it is, after which the "
             "request is closed. 0: never.")
    close_warning_days = fields.Integer(
        "Warn before", default=3,
        help="So many working days before the closing the customer is told of it.")

    request_ids = fields.One2many('crm.request', 'type_id', "Requests")
    request_count = fields.Integer("Pending", compute='_compute_request_counts')
    late_count = fields.Integer("Late", compute='_compute_request_counts')
    unassigned_count = fields.Integer("Unassigned", compute='_compute_request_counts')

    _code_uniq = models.UniqueIndex("(upper(code))", "The code of a type must be unique.")
    _days = models.Constraint(
        'CHECK (reopen_days >= 0 AND close_days >= 0 AND close_warning_days >= 0)',
        "Numbers of days cannot be below zero.")

    def _compute_request_counts(self):
        requests = self.env['crm.request']
        mine = Domain('type_id', 'in', self.ids)

        def count(domain):
            return dict(requests._read_group(mine & domain, ['type_id'], ['__count']))

        pending = count(requests._pending_domain())
        late = count(requests._late_domain())
        unassigned = count(requests._unassigned_domain())
        for kind in self:
            kind.request_count = pending.get(kind, 0)
            kind.late_count = late.get(kind, 0)
            kind.unassigned_count = unassigned.get(kind, 0)

    @api.constrains('code')
    def _check_code(self):
        for kind in self:
            if not (kind.code or '').isalnum():
                raise ValidationError(self.env._(
                    "%(type)s: the code \"%(code)s\" may hold letters and digits only, since "
                    "registration numbers begin with it.", type=kind.name, code=kind.code))

    @api.constrains('close_days', 'close_warning_days')
    def _check_close_days(self):
        for kind in self:
            if kind.close_days and kind.close_warning_days >= kind.close_days:
                raise ValidationError(self.env._(
                    "%(type)s: the warning must come before the closing. Warn less than "
                    "%(days)s working days before it.", type=kind.name, days=kind.close_days))

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        self.env['crm.process']._forget_processes()
        return types

    def write(self, vals):
        result = super().write(vals)
        if 'process_id' in vals:
            self.env['crm.process']._forget_processes()
        return result

    def copy_data(self, default=None):
        return [
            {**vals, 'name': self.env._("%(type)s (copy)", type=kind.name),
             'code': kind._free_code()} | (default or {})
            for kind, vals in zip(self, super().copy_data(default), strict=True)]

    def _free_code(self):
        """Return a code like that of the type which no other has."""
        self.ensure_one()
        taken = set(self.with_context(active_test=False).search(
            [('code', '=ilike', f'{self.code}%')]).mapped('code'))
        return next(
            code for number in range(2, len(taken) + 3)
            if (code := f'{self.code}{number}') not in taken)

    def _alias_get_creation_values(self):
        return {
            **super()._alias_get_creation_values(),
            'alias_model_id': self.env['ir.model']._get_id('crm.request'),
            'alias_parent_model_id': self.env['ir.model']._get_id('crm.request.type'),
            'alias_parent_thread_id': self.id,
            'alias_defaults': {'type_id': self.id} if self.id else {},
        }

    def action_open_requests(self):
        """Open the pending requests of the type.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_action')
        return {
            **action,
            'domain': [('type_id', 'in', self.ids)],
            'context': {'default_type_id': self[:1].id, 'search_default_pending': True},
        }

    def _next_numbers(self, company, count):
        """Take registration numbers.

        :param company: the company whose numbers are taken, a `res.company`
        :param int count: how many
        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: ir.sequence - whoever makes a request numbers it
        sequence_sudo = self.sudo().with_company(company).sequence_id or self._make_sequence(
            company)
        if count == 1 or sequence_sudo.implementation != 'standard' or (
                sequence_sudo.use_date_range):
            return [sequence_sudo.next_by_id() for _number in range(count)]
        return [sequence_sudo.get_next_char(number) for number, in self.env.execute_query(SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            f'ir_sequence_{sequence_sudo.id:03}', count))]

    def _make_sequence(self, company):
        """Make the numbering of a company; numbers of different companies never meet."""
        self.ensure_one()
        main = self.env.ref('base.main_company', raise_if_not_found=False)
        place = '' if company == main else company.id
        # sudo: ir.sequence, crm.request.type - it is made with the first request, whoever makes it
        type_sudo = self.sudo().with_company(company)
        type_sudo.sequence_id = type_sudo.env['ir.sequence'].create({
            'name': self.env._(
                "%(type)s, %(company)s", type=self.name, company=company.name),
            'prefix': f'{self.code.upper()}{place and "-"}{place}/%(year)s/',
            'padding': 5,
            'company_id': company.id,
        })
        # Of two that make it at once the second must fail here, and be tried again.
        type_sudo.flush_recordset(['sequence_id'])
        return type_sudo.sequence_id
