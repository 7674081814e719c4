from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .crm_request import PENDING_STATES


class CrmRequest(models.Model):
    """Somebody is to come: when the customer wants him, who it is, and when he really comes."""

    _inherit = 'crm.request'

    service_from = fields.Datetime(
        "Wanted from", copy=False, help="From when on the customer wants somebody to come.")
    service_to = fields.Datetime("Wanted until", copy=False)
    service_hours = fields.Float(
        "Planned Hours", default=1.0, help="How long the visit takes, in hours.")
    service_partner_id = fields.Many2one(
        'res.partner', "Address of the Visit", compute='_compute_service_partner_id', store=True,
        readonly=False, index='btree_not_null', check_company=True,
        ondelete='restrict')
    service_place = fields.Char(
        "Place", compute='_compute_service_place', store=True, readonly=False)
    # Its domain is text: else Odoo would look for visits of each new user, before he has groups.
    technician_ids = fields.Many2many(
        'res.users', 'crm_request_technician_rel', 'request_id', 'user_id', "Technicians",
        copy=False, domain="[('share', '=', False)]",
        help="Who comes. When nobody is chosen, free times of all who may come are proposed.")
    technician_id = fields.Many2one(
        'res.users', "First Technician", compute='_compute_technician_id', store=True,
        index='btree_not_null')
    service_start = fields.Datetime(
        "Visit", copy=False, tracking=True, index='btree_not_null')
    service_stop = fields.Datetime(
        "End of the Visit", compute='_compute_service_stop', inverse='_inverse_service_stop',
        store=True, precompute=True)
    service_confirmed = fields.Boolean(
        "Appointment Confirmed", readonly=True, copy=False, tracking=True,
        help="The visit stands in the calendars, and the customer is invited.")
    service_conflict = fields.Char("Conflict", compute='_compute_service_conflict')

    _service_hours = models.Constraint(
        'CHECK (service_hours > 0)', "A visit takes more than no time.")

    @api.depends('partner_id', 'kind')
    def _compute_service_partner_id(self):
        for request in self:
            if request.kind == 'service':
                request.service_partner_id = request.service_partner_id or request.partner_id

    @api.depends('service_partner_id')
    def _compute_service_place(self):
        for request in self:
            address = request.service_partner_id
            request.service_place = ', '.join(filter(None, (
                address.street, ' '.join(filter(None, (address.zip, address.city)))))
            ) or request.service_place

    @api.depends('technician_ids')
    def _compute_technician_id(self):
        for request in self:
            request.technician_id = request.technician_ids[:1]

    @api.depends('service_start', 'service_hours')
    def _compute_service_stop(self):
        for request in self:
            request.service_stop = request.service_start and (
                request.service_start + timedelta(hours=request.service_hours))

    def _inverse_service_stop(self):
        for request in self.filtered(lambda request: request.service_start):
            length = request.service_stop - request.service_start
            request.service_hours = length / timedelta(hours=1)

    @api.depends('service_start', 'service_stop', 'technician_ids', 'state')
    def _compute_service_conflict(self):
        planned = self.filtered(
            lambda request: request.service_start and request.technician_ids
            and request.state in PENDING_STATES)
        (self - planned).service_conflict = False
        found = planned._service_conflicts()
        for request in planned:
            request.service_conflict = ' '.join(found[request]) or False

    @api.constrains('service_from', 'service_to')
    def _check_service_window(self):
        for request in self:
            if request.service_to and request.service_from and (
                    request.service_to <= request.service_from):
                raise ValidationError(self.env._(
                    "%(request)s: the visit is wanted until a time before it is wanted from. "
                    "Choose a later end.", request=request.display_name))

    def _service_technicians(self):
        """Return who may come: whom the type names, or the members of the team.

        :rtype: res.users
        """
        self.ensure_one()
        return self.type_id.technician_ids or self.team_id.member_ids

    @api.model
    def _service_domain(self):
        """Return the requests for a visit.

        :rtype: Domain
        """
        return Domain('kind', '=', 'service')

    def _quantity_of(self, product):
        if self.kind != 'service' or self.duration or not self.service_start:
            return super()._quantity_of(product)
        hour = self.env.ref('uom.product_uom_hour')
        if not hour._has_common_reference(product.uom_id):
            return super()._quantity_of(product)
        return hour._compute_quantity(self.service_hours, product.uom_id)

    # What people do with it

    def action_find_time(self):
        """Open the free times of the technicians.

        :rtype: dict
        :raise UserError: if it is not known who may come, or nobody has time
        """
        self.ensure_one()
        slots = self.env['crm.request.slot'].create([
            {'request_id': self.id, 'start': start, 'stop': stop, 'user_ids': users.ids}
            for start, stop, users in self._free_slots()])
        if not slots:
            raise UserError(self.env._(
                "%(request)s: nobody who may come has so much time then. Ask the customer for "
                "another time, choose other technicians or a shorter visit.",
                request=self.display_name))
        return {
            'name': self.env._("Free Times"),
            'type': 'ir.actions.act_window',
            'res_model': slots._name,
            'views': [(False, 'list')],
            'domain': [('id', 'in', slots.ids)],
            'target': 'new',
        }

    def action_confirm_appointment(self):
        """Put the visit into the calendars of the technicians and invite the customer.

        :raise UserError: if it is not said when or who, or somebody has no time
        """
        for request in self:
            if not request.service_start or not request.technician_ids:
                raise UserError(self.env._(
                    "%(request)s: say when the visit is and who comes before you confirm it.",
                    request=request.display_name))
            request.service_confirmed = True
            request._keep_appointment()

    def action_cancel_appointment(self):
        """Take the visit out of the calendars, and tell the customer; a new one may be found."""
        self._give_up_appointment()

    def action_service_done(self):
        """Note the hours of the visit as the time spent, from which a bill is proposed."""
        for request in self.filtered(lambda request: request.service_start):
            request.duration = request.duration or request.service_hours

    def _format_visit(self):
        """Return when the visit is, as its customer reads it.

        :rtype: str
        """
        self.ensure_one()
        zone = self.partner_id.tz or self.company_id.resource_calendar_id.tz
        return format_datetime(self.env, self.service_start, tz=zone, dt_format='short')
