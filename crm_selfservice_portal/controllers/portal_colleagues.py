from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route
from odoo.tools import email_normalize

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests import web_values
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.crm_representative_colleague import SCOPES
from ..models.crm_representative_right import RIGHTS
from ..models.crm_representative_role import ROLES

URL = '/my/colleagues'
NAME_SIZE = 100


class PortalColleagues(CustomerPortal):
    """The administrator of a customer looks after his colleagues."""

    @route(
        [URL, f'{URL}/page/<int:page>'], type='http', auth='user', website=True, readonly=only_read)
    def portal_my_colleagues(self, page=1, done=None, **params):
        """List who represents the customer, and what each may do.

        :param str done: what was done before
        """
        own_sudo = self._colleague_own_rights()
        rights = request.env['crm.representative.right']
        pager = portal_pager(
            url=URL, total=rights.search_count([]), page=page, step=self._items_per_page)
        found = rights.search(
            [], order='partner_id, id', limit=self._items_per_page, offset=pager['offset'])
        return self._colleague_render('portal_my_colleagues', {
            'page_name': 'colleagues',
            # sudo: crm.representative.right - found by the rights of the user; names and states
            # come from what he may not read in other companies of his group
            'rights': found.sudo(),
            'own': own_sudo,
            'pager': pager,
            'done': done,
            'several': len(own_sudo._customers()) > 1,
        })

    @route(
        f'{URL}/new', type='http', auth='user', website=True, methods=['GET'], readonly=only_read)
    def portal_my_colleague_new(self, **params):
        """Show the form of an invitation."""
        none = request.env['crm.representative.right']
        return self._colleague_form(self._colleague_own_rights(), none)

    @route(f'{URL}/new', type='http', auth='user', website=True, methods=['POST'])
    def portal_my_colleague_invite(self, name='', email='', **params):
        """Invite a colleague."""
        own_sudo = self._colleague_own_rights()
        typed = {'name': name, 'email': email}
        none = request.env['crm.representative.right']
        values = self._colleague_values(params)
        try:
            name, email = web_values.line(name, NAME_SIZE), email_normalize(email)
        except web_values.Unreadable:
            name = ''
        if not name or not email:
            return self._colleague_form(own_sudo, none, typed, values, request.env._(
                "Enter the name and the e-mail address of your colleague."))
        try:
            with request.env.cr.savepoint():
                none._invite(name, email, values)
        except AccessError:
            raise
        except UserError as error:
            return self._colleague_form(own_sudo, none, typed, values, error.args[0])
        return request.redirect_query(URL, {'done': 'invited'})

    @route(
        f'{URL}/<int:right_id>', type='http', auth='user', website=True, methods=['GET'],
        readonly=only_read)
    def portal_my_colleague(self, right_id, **params):
        """Show what a colleague may do."""
        return self._colleague_form(self._colleague_own_rights(), self._colleague(right_id))

    @route(f'{URL}/<int:right_id>', type='http', auth='user', website=True, methods=['POST'])
    def portal_my_colleague_change(self, right_id, **params):
        """Change what a colleague may do."""
        values = self._colleague_values(params)
        return self._colleague_act(right_id, 'changed', lambda right: right._change(values), values)

    @route(
        f'{URL}/<int:right_id>/revoke', type='http', auth='user', website=True,
        methods=['POST'])
    def portal_my_colleague_revoke(self, right_id, **params):
        """Take away the access of a colleague."""
        return self._colleague_act(right_id, 'revoked', lambda right: right._revoke())

    @route(
        f'{URL}/<int:right_id>/invite', type='http', auth='user', website=True,
        methods=['POST'])
    def portal_my_colleague_invite_again(self, right_id, **params):
        """Send the invitation again, also to who had access before."""
        return self._colleague_act(right_id, 'invited', lambda right: right._invite_again())

    @route(
        [f'{URL}/acts', f'{URL}/acts/page/<int:page>'], type='http', auth='user', website=True,
        readonly=only_read)
    def portal_my_colleague_acts(self, page=1, colleague=None, **params):
        """List what the colleagues did in the portal.

        :param str colleague: whose acts only, the id of his rights
        """
        self._colleague_own_rights()
        use_timezone(request.env.company)
        # sudo: crm.representative.right - as in the list of colleagues
        rights_sudo = request.env['crm.representative.right'].search([]).sudo()
        chosen_sudo = rights_sudo.filtered(lambda right: str(right.id) == colleague)
        acts = request.env['crm.representative.act']
        domain = [('partner_id', '=', chosen_sudo.partner_id.id)] if chosen_sudo else []
        pager = portal_pager(
            url=f'{URL}/acts', total=acts.search_count(domain), page=page,
            step=self._items_per_page, url_args={'colleague': chosen_sudo.id or ''})
        # sudo: crm.representative.act - the names of documents come from what they are about
        acts_sudo = acts.search(
            domain, limit=self._items_per_page, offset=pager['offset']).sudo()
        return self._colleague_render('portal_my_colleague_acts', {
            'page_name': 'colleague_acts',
            'acts': acts_sudo,
            'rights': rights_sudo,
            'chosen': chosen_sudo,
            'pager': pager,
        })

    def _colleague_own_rights(self):
        """Return the rights of the user.

        :raise AccessError: when he does not administer his customer
        :raise NotFound: when he is an employee
        """
        if not request.env.user._is_portal():
            raise NotFound()
        return request.env['crm.representative.right']._own_sudo()

    def _colleague(self, right_id):
        """Return the rights of a colleague.

        :raise NotFound: when the user does not administer them
        """
        right = right_id <= web_values.MAX_INTEGER and request.env[
            'crm.representative.right'].search([('id', '=', right_id)])
        if not right:
            raise NotFound()
        return right

    def _colleague_act(self, right_id, done, act, values=None):
        """Do something with the rights of a colleague, and show the list again.

        :param act: what is done with the rights
        """
        own_sudo, right = self._colleague_own_rights(), self._colleague(right_id)
        try:
            with request.env.cr.savepoint():
                act(right)
        except AccessError:
            raise
        except UserError as error:
            return self._colleague_form(own_sudo, right, values=values, error=error.args[0])
        return request.redirect_query(URL, {'done': done})

    def _colleague_values(self, params):
        """Return the switches and the scope of a form."""
        scope = params.get('scope')
        return {
            **{f'can_{name}': f'can_{name}' in params for name in RIGHTS},
            'scope': scope if scope in SCOPES else SCOPES[0]}

    def _colleague_form(self, own_sudo, right, typed=None, values=None, error=''):
        """Show the form of a colleague; of an invitation when there is no right yet."""
        # sudo: crm.representative.right - found by the rights of the user
        right_sudo = right.sudo()
        fields = right_sudo.fields_get(
            ['scope', 'role', *(f'can_{name}' for name in RIGHTS)],
            ['string', 'help', 'selection'])
        return self._colleague_render('portal_my_colleague', {
            'page_name': 'colleague',
            'right': right_sudo,
            'own': own_sudo,
            'typed': typed or {},
            'values': values or (
                right_sudo.read([f'can_{name}' for name in RIGHTS] + ['scope'])[0] if right
                else {'can_view': True, 'scope': 'company'}),
            'error': error,
            'labels': fields,
            'names': [name for name in RIGHTS if name in own_sudo._names()],
            'scopes': [
                choice for choice in fields['scope']['selection']
                if own_sudo._is_within(set(), choice[0])],
            'roles': [
                (label, ' '.join(sorted(ROLES[role])))
                for role, label in fields['role']['selection']
                if len(ROLES.get(role, ())) > 1 and ROLES[role] <= own_sudo._names()],
            'may_change': not right or right_sudo._is_changed_by(own_sudo),
        })

    def _colleague_render(self, template, values):
        return request.render(f'crm_selfservice_portal.{template}', {
            **self._prepare_portal_layout_values(), **values})
