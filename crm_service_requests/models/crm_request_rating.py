from odoo import fields, models

# A rating up to this is a complaint of its own.
LOW = 2
# Endings after which the customer is asked how satisfied he is.
ASKED_AFTER = ('employee', 'customer', 'silence')


class CrmRequest(models.Model):
    """The customer is asked once how satisfied he is; supervisors hear of bad answers."""

    _inherit = 'crm.request'

    rating_asked_at = fields.Datetime("Asked for a Rating", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'closed':
            self._ask_for_rating()
        return result

    def _rating_get_parent_field_name(self):
        return 'type_id'

    def _rateable(self):
        """Return the requests in which there is something to be satisfied with: an answer of ours.

        :rtype: crm.request
        """
        unanswered = {
            self.env.ref(f'crm_service_requests.crm_request_resolution_{name}', False)
            for name in ('no_answer', 'duplicate')}
        return self.filtered(lambda request: (
            request.state == 'closed' and request.type_id.ask_rating and request.channel != 'rule'
            and request.closed_by in ASKED_AFTER and request.resolution_id not in unanswered
            and not request.rating_asked_at and not request.merged_into_id))

    def _ask_for_rating(self):
        """Mail the customers the question how satisfied they are, once per request."""
        # sudo: crm.request - the system asks, whoever closes a request
        asked = self.sudo()._rateable()._mailable()
        asked = asked.filtered('partner_id')
        if not asked:
            return
        asked.rating_asked_at = fields.Datetime.now()
        asked.rating_send_request(
            self.env.ref('crm_service_requests.mail_template_request_rating'), force_send=False)

    def rating_apply(self, rate, *args, **kwargs):
        rating = super().rating_apply(rate, *args, **kwargs)
        if rate <= LOW:
            self._tell_of_low_rating(rating)
        return rating

    def _tell_of_low_rating(self, rating):
        """Put the request on the list of a supervisor, once.

        :param rating: what the customer said, a `rating.rating`
        """
        for request in self:
            # sudo: crm.request - a customer rates; whoever leads the team is told
            request_sudo = request.sudo()
            supervisor = request_sudo._rating_supervisor()
            if not supervisor or request_sudo.activity_search(
                    ['crm_service_requests.mail_activity_type_low_rating']):
                continue
            request_sudo.activity_schedule(
                'crm_service_requests.mail_activity_type_low_rating', user_id=supervisor.id,
                summary=self.env._("Low rating: ask what went wrong"),
                note=rating.feedback or self.env._("The customer gave no reason."))

    def _rating_supervisor(self):
        """Return who hears of a low rating: the leader of the team if he is a supervisor, else
        one of the supervisors of the company.

        :rtype: res.users
        """
        self.ensure_one()
        supervisors = self.env.ref('crm_roles.group_service_supervisor').all_user_ids.filtered(
            lambda user: not user.share and user.active and self.company_id in user.company_ids
            and user.id != self.env.ref('base.user_root').id)
        leader = self.team_id.user_id & supervisors
        return leader or (supervisors - self.user_id).sorted('id')[:1] or supervisors[:1]


class CrmRequestType(models.Model):
    """A type shows how satisfied the customers were."""

    _inherit = 'crm.request.type'

    def action_view_ratings(self):
        """Open the ratings of the type.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_rating_report_action')
        return {**action, 'domain': [('type_id', 'in', self.ids)], 'context': {}}
