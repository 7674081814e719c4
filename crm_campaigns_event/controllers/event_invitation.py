from odoo.http import Controller, request, route

from odoo.addons.crm_roles.replica import only_read

from ..models.crm_campaign_touch import PATH

MOST_LETTERS = 100


class EventInvitation(Controller):
    """Who was invited to an event says whether he comes, without a login."""

    @route(
        f'{PATH}/<int:touch_id>/<string:token>', type='http', auth='public', website=True,
        methods=['GET'], readonly=only_read, sitemap=False)
    def event_invitation_page(self, touch_id, token, **params):
        """Show to what the customer is invited; only a button answers.

        :param int touch_id: which invitation
        :param str token: what proves that it was sent to the visitor; a wrong one finds none
        """
        touch_sudo = request.env['crm.campaign.touch']._of_invitation(touch_id, token)
        return self._render_event_invitation(touch_sudo)

    @route(
        f'{PATH}/<int:touch_id>/<string:token>', type='http', auth='public', website=True,
        methods=['POST'])
    def event_invitation_answer(
            self, touch_id, token, answer='', guest='', ticket='', **params):
        """Take down whether the customer comes; saying it again changes it.

        :param int touch_id: which invitation
        :param str token: what proves that it was sent to the visitor; a wrong one finds none
        :param str answer: `yes` or `no`
        :param str guest: who comes, else the customer himself
        :param str ticket: id of the ticket that was chosen, where there are tickets
        """
        touch_sudo = request.env['crm.campaign.touch']._of_invitation(touch_id, token)
        is_full = False
        if touch_sudo and answer == 'yes':
            is_full = not touch_sudo._accept_invitation(
                guest.strip()[:MOST_LETTERS], int(ticket) if ticket.isdecimal() else 0)
        elif touch_sudo and answer == 'no':
            touch_sudo._decline_invitation()
        return self._render_event_invitation(touch_sudo, answer, is_full)

    def _render_event_invitation(self, touch_sudo, answer='', is_full=False):
        response = request.render('crm_campaigns_event.invitation_page', {
            'touch': touch_sudo,
            'event': touch_sudo.step_id.event_id,
            'tickets': touch_sudo._invitation_tickets(),
            'answer': answer,
            'is_full': is_full,
            'is_registered': touch_sudo.registration_state in ('open', 'done'),
            'may_register': touch_sudo and touch_sudo._is_open_invitation(),
            'no_breadcrumbs': True, 'no_footer': True})
        response.headers['Referrer-Policy'] = 'no-referrer'
        return response
