from odoo import api, fields, models
from odoo.fields import Domain

TURNS = [
    ('us', "Ours"), ('customer', "The Customer's"), ('partner', "The Outside Party's")]
# What decides whose turn it is, and who has it.
TURN_FIELDS = {'state', 'assigned_partner_id', 'user_id', 'partner_id'}


class CrmRequestTurn(models.Model):
    """A span of time in which one party had to act on a request."""

    _name = 'crm.request.turn'
    _description = "Turn"
    _order = 'date_start, id'

    request_id = fields.Many2one(
        'crm.request', required=True, readonly=True, index=True, ondelete='cascade')
    turn = fields.Selection(TURNS, "Whose Turn", required=True, readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Who outside", readonly=True, ondelete='restrict',
        help="The customer or the outside party who had to act.")
    user_id = fields.Many2one('res.users', "Responsible", readonly=True)
    company_id = fields.Many2one(
        related='request_id.company_id', store=True, precompute=True, index=True)
    date_start = fields.Datetime("From", required=True, readonly=True)
    date_end = fields.Datetime("Until", readonly=True, help="Empty: it lasts.")
    hours = fields.Float("Working Hours", readonly=True, help="Counted when the turn ends.")
    type_id = fields.Many2one(related='request_id.type_id')
    commercial_partner_id = fields.Many2one(related='request_id.commercial_partner_id')

    _open_uniq = models.UniqueIndex(
        "(request_id) WHERE date_end IS NULL", "One party at a time has the turn.")

    @api.depends('turn', 'request_id')
    def _compute_display_name(self):
        labels = dict(self._fields['turn']._description_selection(self.env))
        for turn in self:
            turn.display_name = self.env._(
                "%(request)s: %(turn)s", request=turn.request_id.display_name,
                turn=labels.get(turn.turn))

    @api.model
    def _open_domain(self):
        """Return the turns that last.

        :rtype: Domain
        """
        return Domain('date_end', '=', False)

    def _end(self, now):
        """End the turns, and count their working hours.

        :param datetime now: naive, in UTC
        """
        for turn in self:
            turn.write({'date_end': now, 'hours': turn._hours_until(now)})

    def _hours_until(self, moment):
        """Return the working hours of the company from the start of the turn to a moment.

        A company without a calendar works all the time.

        :param datetime moment: naive, in UTC
        :rtype: float
        """
        self.ensure_one()
        calendar = self.company_id.resource_calendar_id
        if calendar:
            return calendar._working_time().hours(self.date_start, moment)
        return max((moment - self.date_start).total_seconds(), 0) / 3600


class CrmRequest(models.Model):
    """A request knows how long it was whose turn."""

    _inherit = 'crm.request'

    turn_ids = fields.One2many('crm.request.turn', 'request_id', "Turns", readonly=True)
    turn_times = fields.Char(
        "Time Taken", compute='_compute_turn_times', compute_sudo=True,
        help="How many working hours it was whose turn, until now.")

    @api.depends('turn_ids')
    def _compute_turn_times(self):
        now = fields.Datetime.now()
        for request in self:
            request.turn_times = ", ".join(
                request._say_turn(turn, hours)
                for turn, hours in request._turn_hours(now).items() if hours)

    def _say_turn(self, turn, hours):
        """Return in words how long it was whose turn.

        :param str turn: whose
        :param float hours: working hours
        :rtype: str
        """
        self.ensure_one()
        time = self._say_hours(hours)
        if turn == 'us':
            return self.env._("%(time)s ours", time=time)
        if turn == 'customer':
            return self.env._("%(time)s the customer's", time=time)
        others = self.turn_ids.filtered(lambda line: line.turn == 'partner').partner_id
        return self.env._(
            "%(time)s %(partners)s", time=time, partners=", ".join(others.mapped('name')))

    def _say_hours(self, hours):
        """Return working hours as minutes, hours or working days, whichever is short."""
        self.ensure_one()
        per_day = self.company_id.resource_calendar_id.hours_per_day or 24
        if hours < 1:
            return self.env._("%(count)s min", count=round(hours * 60))
        if hours < per_day:
            return self.env._("%(count)s h", count=f'{hours:.1f}'.removesuffix('.0'))
        return self.env._("%(count)s d", count=f'{hours / per_day:.1f}'.removesuffix('.0'))

    def _turn_hours(self, now):
        """Return how many working hours it was whose turn.

        :param datetime now: naive, in UTC: until when what lasts is counted
        :rtype: dict[str, float]
        """
        self.ensure_one()
        hours = dict.fromkeys(dict(TURNS), 0.0)
        for turn in self.turn_ids:
            hours[turn.turn] += (
                turn.hours if turn.date_end else turn._hours_until(now))
        return hours

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._log_turns()
        return requests

    def write(self, vals):
        result = super().write(vals)
        if TURN_FIELDS & vals.keys():
            self._log_turns()
        return result

    def _prepare_turn_values(self):
        """Return who has to act now: the turn, the party outside and the responsible.

        :rtype: dict
        """
        self.ensure_one()
        outside = {'customer': self.partner_id, 'partner': self.assigned_partner_id}.get(
            self.turn, self.partner_id.browse())
        return {
            'turn': self.turn, 'partner_id': outside.id,
            'user_id': self.user_id.id if self.turn == 'us' else False}

    def _log_turns(self):
        """End the turns that are over and begin the ones that follow, for all at once."""
        # sudo: crm.request.turn - the clock runs whoever moves a request; nobody writes it by hand
        turns_sudo = self.env['crm.request.turn'].sudo()
        lasting = turns_sudo.search(
            turns_sudo._open_domain() & Domain('request_id', 'in', self.ids)).grouped('request_id')
        now = fields.Datetime.now()
        over, begin = turns_sudo.browse(), []
        for request in self.with_env(turns_sudo.env):
            turn = lasting.get(request, turns_sudo.browse())
            values = request._prepare_turn_values()
            if all((turn[name].id if name != 'turn' else turn[name]) == value
                   for name, value in values.items()):
                continue
            over |= turn
            if values['turn']:
                begin.append({**values, 'request_id': request.id, 'date_start': now})
        # What has begun at this very moment was never anybody's turn.
        empty = over.filtered(lambda turn: turn.date_start >= now)
        empty.unlink()
        (over - empty)._end(now)
        turns_sudo.flush_model()
        turns_sudo.create(begin)

    def action_view_turns(self):
        """Open who had to act on the requests, and how long.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_turn_action')
        return {**action, 'domain': [('request_id', 'in', self.ids)], 'context': {}}
