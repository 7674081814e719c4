from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests import web_files, web_values

from .start_form import STARTED, StartForm

URL = '/my/proposal/new'


class StartProposal(StartForm):
    """A customer proposes to work together."""

    @route(URL, type='http', auth='user', website=True, methods=['GET'], readonly=only_read)
    def portal_proposal_form(self, **params):
        """Show the form of a proposal."""
        self._check_any_right(self._customer())
        return self._render_proposal()

    @route(
        URL, type='http', auth='user', website=True, methods=['POST'],
        max_content_length=web_files.MAX_TOTAL_SIZE + 2 ** 20)
    def portal_proposal_send(self, **params):
        """Make a lead of what was typed into the form."""
        user, form = self._customer(), request.httprequest.form
        self._check_any_right(user)
        data, errors = self._read_lines(form, {
            'subject': (request.env._("Subject"), 200, True),
            'text': (request.env._("Your proposal"), web_values.TEXT_SIZE, True)})
        files, refused = self._read_files()
        errors.update(refused)
        if self._once(form, errors, lambda: self._make_proposal(user, data, files)):
            return request.redirect('/my/proposal/thanks')
        return self._render_proposal(form, errors)

    @route('/my/proposal/thanks', type='http', auth='user', website=True, readonly=only_read)
    def portal_proposal_thanks(self, **params):
        """Say that the proposal has arrived."""
        user = self._customer()
        if request.session.get(STARTED, {}).get('kind') != 'proposal':
            return request.redirect(URL)
        return request.render('crm_selfservice_portal.start_thanks', {
            'page_name': 'proposal', 'sent': request.session[STARTED],
            'contact': user._portal_contact()})

    def _render_proposal(self, form=None, errors=None):
        return request.render('crm_selfservice_portal.proposal_form', {
            **self._prepare_start_form(form, errors or {}), 'page_name': 'proposal'})

    def _make_proposal(self, user, data, files):
        lead_sudo = request.env['crm.lead']._propose(user, data, files)
        request.env['crm.representative.act']._note('propose', lead_sudo)
        return {'kind': 'proposal'}
