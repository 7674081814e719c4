import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_request import CHANNELS, ORIGIN_MODELS, PENDING_STATES
from .crm_request_type import KINDS

# Tells the locks of teams whose work is given out from other locks of the database.
LOCK = 1668443506


class CrmRequestRouting(models.Model):
    """Which requests go to whom; the first rule that finds somebody decides."""

    _name = 'crm.request.routing'
    _description = "Routing Rule"
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one('res.company', help="Empty: for every company.")

    type_ids = fields.Many2many('crm.request.type', string="Types")
    kind = fields.Selection(KINDS)
    channel = fields.Selection(CHANNELS)
    category_ids = fields.Many2many('res.partner.category', string="With the Tag")
    customer_kind = fields.Selection([
        ('company', "Companies"), ('person', "Persons"), ('unknown', "Unknown Senders")],
        "Customers")
    country_ids = fields.Many2many('res.country', string="From")
    managed = fields.Selection([
        ('yes', "With a Personal Manager"), ('no', "Without")], "Looked after")
    lang = fields.Selection(
        lambda self: self.env['res.lang'].get_installed(), "Language")
    origin_model = fields.Selection('_selection_origin_model', "About")
    domain = fields.Char("Further Conditions", default='[]', required=True)

    target = fields.Selection([
        ('manager', "The Customer's Personal Manager"),
        ('user', "One Person"),
        ('team', "Somebody of a Team"),
        ('role', "Everybody of a Role"),
    ], "Goes to", default='team', required=True)
    user_id = fields.Many2one(
        'res.users', "Person", domain=[('share', '=', False)], check_company=True)
    team_id = fields.Many2one(
        'crm.team', check_company=True, help="Noted on the request, whoever gets it.")
    distribution = fields.Selection([
        ('load', "The One with the Fewest Pending Requests"),
        ('turn', "One after the Other"),
    ], "Who of Them", default='load', required=True)
    group_id = fields.Many2one(
        'res.groups', "Role", help="Stays unassigned; all of them are told.",
        domain=lambda self: [('id', 'in', self.env['crm.process']._role_groups().ids)])
    at_work_only = fields.Boolean(
        "Only Who Is at Work", default=True,
        help="By working hours and days off. Else a request may wait for somebody who is away.")

    _target = models.Constraint(
        "CHECK (CASE target WHEN 'user' THEN user_id IS NOT NULL"
        " WHEN 'team' THEN team_id IS NOT NULL"
        " WHEN 'role' THEN group_id IS NOT NULL ELSE TRUE END)",
        "Say to which person, team or role the requests go.")

    @api.model
    def _selection_origin_model(self):
        return [(name, self.env['ir.model']._get(name).name)
                for name in ORIGIN_MODELS if name in self.env]

    @api.constrains('domain')
    def _check_domain(self):
        for rule in self:
            try:
                rule._further_domain().validate(self.env['crm.request'])
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(self.env._(
                    "%(rule)s: the further conditions cannot be read. Choose them anew.",
                    rule=rule.name)) from error

    # Which requests

    def _further_domain(self):
        self.ensure_one()
        return Domain(ast.literal_eval(self.domain or '[]'))

    def _condition(self):
        """Return which requests the rule is for.

        :rtype: Domain
        """
        self.ensure_one()
        asked = [self._further_domain(), self._customer_condition()]
        if self.type_ids:
            asked.append(Domain('type_id', 'in', self.type_ids.ids))
        if self.kind:
            asked.append(Domain('kind', '=', self.kind))
        if self.channel:
            asked.append(Domain('channel', '=', self.channel))
        if self.origin_model:
            asked.append(Domain('origin_ref', '=like', f'{self.origin_model},%'))
        if self.company_id:
            asked.append(Domain('company_id', '=', self.company_id.id))
        return Domain.AND(asked)

    def _customer_condition(self):
        """Return of which customers the requests are.

        :rtype: Domain
        """
        self.ensure_one()
        asked = [{
            'company': Domain('commercial_partner_id.is_company', '=', True),
            'person': Domain('partner_id', '!=', False) & Domain(
                'commercial_partner_id.is_company', '=', False),
            'unknown': Domain('partner_id', '=', False),
        }.get(self.customer_kind, Domain.TRUE)]
        if self.category_ids:
            tags = Domain('category_id', 'child_of', self.category_ids.ids)
            asked.append(Domain('partner_id', 'any', tags)
                         | Domain('commercial_partner_id', 'any', tags))
        if self.country_ids:
            asked.append(Domain('commercial_partner_id.country_id', 'in', self.country_ids.ids))
        if self.lang:
            asked.append(Domain('partner_id.lang', '=', self.lang))
        return Domain.AND(asked)

    def _matching(self, requests):
        """Return for which of some requests the rule is.

        :param requests: in the environment of the system
        :rtype: crm.request
        """
        self.ensure_one()
        found = requests.search(Domain('id', 'in', requests.ids) & self._condition(),
                                order='priority DESC, date_received, id')
        if self.managed:
            managers = found._personal_managers()
            found = found.filtered(
                lambda request: bool(managers[request]) == (self.managed == 'yes'))
        return found

    # To whom

    def _prepare_routed_values(self):
        """Return what is noted on the requests that the rule takes.

        :rtype: dict
        """
        self.ensure_one()
        values = {'routing_id': self.id}
        return {**values, 'team_id': self.team_id.id} if self.team_id else values

    def _choose(self, requests):
        """Return to whom the rule gives requests; what it gives to nobody is left out.

        :param requests: those for which the rule is
        :return: by request the person, and a number that grows with each gift of a team
        :rtype: dict[crm.request, tuple[res.users, int]]
        """
        self.ensure_one()
        candidates = self._candidates(requests)
        people = self.env['res.users'].union(*candidates.values())
        if self.at_work_only:
            people = self._available_users(people)
        fit = {request: users & people for request, users in candidates.items()}
        return self._spread(self._able(fit), people) if people else {}

    def _candidates(self, requests):
        """Return among whom the rule chooses, by request.

        :rtype: dict[crm.request, res.users]
        """
        self.ensure_one()
        if self.target == 'manager':
            return requests._personal_managers()
        people = {'user': self.user_id, 'team': self.team_id.member_ids}.get(
            self.target, self.user_id.browse())
        return dict.fromkeys(requests, people)

    @api.model
    def _available_users(self, users):
        """Return who is at work now. Addons that know of absences leave out who is absent.

        :param users: a `res.users`
        :rtype: res.users
        """
        now = fields.Datetime.now()
        next_work = users._next_work(now)
        return users.filtered(lambda user: next_work[user] <= now)

    def _able(self, fit):
        """Leave out who could not work on a request if he were responsible for it.

        :param fit: who may get it, by request
        :rtype: dict[crm.request, res.users]
        """
        people = self.env['res.users'].union(*fit.values()).filtered(
            lambda user: user.active and not user.share)
        supervisors = people.filtered(
            lambda user: user.has_group('crm_roles.group_service_supervisor'))
        return {
            request: (users & (supervisors if request.type_id.supervisor_only else people))
            .filtered(lambda user, request=request: request.company_id in user.company_ids)
            for request, users in fit.items()}

    def _spread(self, fit, people):
        """Give each request to one of those who may get it, evenly.

        :param fit: who may get it, by request
        :param people: all of them
        :return: by request the person, and a number that grows with each gift of a team
        :rtype: dict[crm.request, tuple[res.users, int]]
        """
        self.ensure_one()
        if self.target != 'team':
            return {request: (users[:1], 0) for request, users in fit.items() if users}
        loads, last = self._standing(people)
        chosen = {}
        for request, users in fit.items():
            if users:
                user = min(users, key=lambda user: (
                    loads[user.id] if self.distribution == 'load' else 0, last[user.id], user.id))
                loads[user.id] += 1
                last[user.id] = max(last.values()) + 1
                chosen[request] = user, last[user.id]
        return chosen

    def _standing(self, people):
        """Return how many pending requests people have, and when each of them was last given one.

        Nobody else gives work to the team until this transaction ends, and what others gave
        since it began is counted as well: it is read beside the transaction, too.

        :return: numbers of requests, and growing numbers of the last gift, by id of the user
        :rtype: tuple[dict[int, int], dict[int, int]]
        """
        self.ensure_one()
        self.env['crm.request'].flush_model()
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, self.team_id.id))
        pending, last = {}, dict.fromkeys(people.ids, 0)
        with self.env.registry.cursor() as beside:
            for cr in (beside, self.env.cr):
                found, given = self._read_standing(cr, people)
                pending.update(found)
                last.update((user_id, max(last[user_id], number)) for user_id, number in given)
        loads = dict.fromkeys(people.ids, 0)
        for user_id in pending.values():
            if user_id in loads:
                loads[user_id] += 1
        return loads, last

    @api.model
    def _read_standing(self, cr, people):
        """Return the pending requests of people, and the number of the last gift to each."""
        cr.execute(SQL(
            """ SELECT id, user_id FROM crm_request
                 WHERE user_id = ANY(%s) AND state = ANY(%s) """,
            people.ids, PENDING_STATES))
        pending = dict(cr.fetchall())
        cr.execute(SQL(
            """ SELECT person.id, COALESCE((
                           SELECT max(request.routing_number) FROM crm_request request
                            WHERE request.routed_user_id = person.id), 0)
                  FROM unnest(%s::int[]) AS person(id) """, people.ids))
        return pending, cr.fetchall()
