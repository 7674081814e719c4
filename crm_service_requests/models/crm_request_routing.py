from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

# Requests that are given out between two commits of the scheduled action.
BATCH = 100


class CrmRequest(models.Model):
    """A request that comes in goes to who is to answer it, by the rules of routing."""

    _inherit = 'crm.request'

    routing_id = fields.Many2one(
        'crm.request.routing', "Routed by", readonly=True, copy=False, index='btree_not_null',
        groups='crm_roles.group_service_representative,crm_roles.group_sales_manager')
    routed_user_id = fields.Many2one(
        'res.users', "Routed to", readonly=True, copy=False,
        help="To whom it was given at first, whoever works on it now.")
    routed_group_id = fields.Many2one(
        'res.groups', "Role Told", readonly=True, copy=False,
        help="Everybody of this role was told of it, and one of them is to take it up.")
    routing_number = fields.Integer(readonly=True, copy=False)

    _routed_idx = models.Index(
        "(routed_user_id, routing_number) WHERE routed_user_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._route()
        return requests

    def _personal_managers(self):
        """Return who looks after the customer, by request. Addons that know better extend it.

        :rtype: dict[crm.request, res.users]
        """
        return {
            request: request.partner_id.user_id or request.commercial_partner_id.user_id
            for request in self}

    @api.model
    def _unrouted_domain(self):
        """Return the pending requests nobody answers for and of which no role was told.

        :rtype: Domain
        """
        return self._unassigned_domain() & Domain('routed_group_id', '=', False)

    def _route(self):
        """Give those requests to which nobody is assigned to whom the rules say.

        :return: those for which a rule was found
        :rtype: crm.request
        """
        # sudo: crm.request - whoever makes a request, the rules decide who answers it
        left = self.sudo().filtered_domain(self._unrouted_domain())
        before = left
        for rule in left and left.env['crm.request.routing'].search(
                [('company_id', 'in', [False, *left.company_id.ids])]):
            left -= left._route_by(rule)
            if not left:
                break
        return (before - left).with_env(self.env)

    def _route_by(self, rule):
        """Do what one rule says.

        :return: the requests that it took
        :rtype: crm.request
        """
        matching = rule._matching(self)
        if not matching:
            return matching
        if rule.target == 'role':
            matching._route_to_role(rule)
            return matching
        chosen = rule._choose(matching)
        taken = self.browse([request.id for request in chosen])
        for user, requests in taken.grouped(lambda request: chosen[request][0]).items():
            requests.write({
                'user_id': user.id, 'routed_user_id': user.id, **rule._prepare_routed_values()})
        for request, (_user, number) in chosen.items():
            request.routing_number = number
        return taken

    def _route_to_role(self, rule):
        """Leave the requests to everybody of a role, and tell them all in one message."""
        self.write({'routed_group_id': rule.group_id.id, **rule._prepare_routed_values()})
        people = rule.group_id.all_user_ids.filtered(
            lambda user: not user.share and self.company_id & user.company_ids)
        if rule.at_work_only:
            people = rule._available_users(people) or people
        self.env['mail.thread'].message_notify(
            partner_ids=people.partner_id.ids,
            subject=self.env._("%(count)s requests to take up", count=len(self))
            if len(self) > 1 else self.env._("%(request)s: who takes it?", request=self.number),
            body=self.env['ir.qweb']._render('crm_service_requests.requests_to_take_up', {
                'requests': self, 'rule': rule}))

    def action_route(self):
        """Give unassigned requests to whom the rules say.

        :raise UserError: if no rule finds anybody for any of them
        """
        self.check_access('write')
        routed = self._route()
        if not routed:
            raise UserError(self.env._(
                "No routing rule finds somebody who is at work for %(requests)s. Choose who "
                "answers for it yourself, or wait until somebody is at work.",
                requests=", ".join(self.mapped('number')[:5])))

    @api.model
    def _cron_route(self):
        """Give out what came in while nobody was at work; scheduled."""
        waiting = self.search(self._unrouted_domain(), order='priority DESC, date_received, id')
        cron = self.env['ir.cron']
        cron._commit_progress(remaining=len(waiting))
        for ids in split_every(BATCH, waiting.ids):
            batch = self.browse(ids).try_lock_for_update().filtered_domain(
                self._unrouted_domain())
            batch._route()
            if not cron._commit_progress(len(ids)):
                break
