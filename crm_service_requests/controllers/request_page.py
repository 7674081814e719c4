from odoo import fields, http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.portal.controllers.portal import CustomerPortal

from .. import web_files, web_values
from .portal import use_timezone

# Happy, neutral, unhappy: what the page of the rating understands.
RATES = ('5', '3', '1')


class RequestPage(CustomerPortal):
    """One request in the portal, or by the link of a mail, and what its customer does there."""

    @http.route(
        '/my/requests/<int:request_id>', type='http', auth='public', website=True,
        readonly=only_read)
    def portal_request_page(self, request_id, access_token=None, done=None, **kwargs):
        """Show a request.

        :param str access_token: of the link in a mail
        :param str done: what was done before: `answered`, `closed`, `reopened` or `refused`
        """
        try:
            request_sudo = self._document_check_access('crm.request', request_id, access_token)
        except (AccessError, MissingError):
            return self._turn_away_from_request(request_id)
        use_timezone(request_sudo.company_id)
        role, token = self._role_on(request_sudo, access_token)
        values = self._get_page_view_values(
            request_sudo, token, self._prepare_request_page(request_sudo, role, token, done),
            'no_history', False, **(kwargs if token else {}))
        return request.render('crm_service_requests.portal_my_request', {
            **values, **self._request_neighbours(request_id)})

    @http.route(
        '/my/requests/<int:request_id>/answer', type='http', auth='public', website=True,
        methods=['POST'], max_content_length=web_files.MAX_TOTAL_SIZE + 2 ** 20)
    def portal_request_answer(self, request_id, access_token=None, text='', **kwargs):
        """Post an answer of the customer or of the outside party.

        :param str text: the answer, as plain text
        """
        return self._act_on_request(request_id, access_token, self._answer_request, text)

    @http.route(
        '/my/requests/<int:request_id>/close', type='http', auth='public', website=True,
        methods=['POST'])
    def portal_request_close(self, request_id, access_token=None, text='', **kwargs):
        """Close a request because its customer says that it is solved.

        :param str text: what he says to it, as plain text
        """
        return self._act_on_request(request_id, access_token, self._close_request, text)

    @http.route(
        '/my/requests/<int:request_id>/reopen', type='http', auth='public', website=True,
        methods=['POST'])
    def portal_request_reopen(self, request_id, access_token=None, text='', **kwargs):
        """Take a request up again because its customer says that it is not solved.

        :param str text: what is missing, as plain text
        """
        return self._act_on_request(request_id, access_token, self._reopen_request, text)

    @http.route(
        '/my/requests/<int:request_id>/rate', type='http', auth='public', website=True,
        methods=['POST'])
    def portal_request_rate(self, request_id, access_token=None, rate='', **kwargs):
        """Lead on to the page where the customer rates how he was served.

        :param str rate: 5, 3 or 1
        """
        return self._act_on_request(request_id, access_token, self._rate_request, rate)

    @http.route(
        '/my/requests/<int:request_id>/file/<int:attachment_id>', type='http', auth='public',
        website=True, readonly=only_read)
    def portal_request_file(self, request_id, attachment_id, access_token=None, **kwargs):
        """Send a file of a request."""
        try:
            request_sudo = self._document_check_access('crm.request', request_id, access_token)
        except (AccessError, MissingError):
            return self._turn_away_from_request(request_id)
        attachment_sudo = request_sudo._portal_attachments().filtered(
            lambda attachment: attachment.id == attachment_id)
        if not attachment_sudo:
            return request.redirect('/my')
        return request.env['ir.binary']._get_stream_from(attachment_sudo).get_response(
            as_attachment=True)

    @http.route(
        '/requests/<int:request_id>/close', type='http', auth='public', website=True,
        methods=['GET'], readonly=only_read)
    def request_closing_page(self, request_id, token=None, done=None, **kwargs):
        """Ask the customer whether his request is solved, after a click in a mail.

        :param str token: of the link
        :param str done: what he has said already: `closed` or `reopened`
        """
        request_sudo = request.env['crm.request']._by_closing_token(request_id, token)
        if not request_sudo:
            return request.render('crm_service_requests.request_link_over')
        return request.render('crm_service_requests.request_closing', {
            'object': request_sudo, 'token': token, 'done': done,
            'may_act': self._may_act_on_request(request_sudo),
            'res_company': request_sudo.company_id})

    @http.route(
        '/requests/<int:request_id>/close', type='http', auth='public', website=True,
        methods=['POST'])
    def request_close(self, request_id, token=None, text='', answer='', **kwargs):
        """Do what the customer says on the page of the link.

        :param str answer: `solved` or `not_solved`
        :param str text: what he says to it, as plain text
        """
        request_sudo = request.env['crm.request']._by_closing_token(request_id, token)
        if not request_sudo:
            return request.render('crm_service_requests.request_link_over')
        self._check_act_on_request(request_sudo)
        act = self._reopen_request if answer == 'not_solved' else self._close_request
        done = act(request_sudo, 'customer', request_sudo.partner_id, text)
        self._note_request_act(request_sudo, done)
        return request.redirect_query(
            f'/requests/{request_id}/close', {'token': token, 'done': done})

    # What is done

    def _act_on_request(self, request_id, access_token, act, given):
        """Let somebody do something with a request, and show him its page again.

        :param act: what is done with the request, as a role, by a partner, with what was typed;
            returns what there is to say of it, or a response
        """
        try:
            request_sudo = self._document_check_access('crm.request', request_id, access_token)
        except (AccessError, MissingError):
            return self._turn_away_from_request(request_id)
        self._check_act_on_request(request_sudo)
        role, token = self._role_on(request_sudo, access_token)
        partner = request.env.user.partner_id
        if request.env.user._is_public():
            partner = request_sudo.partner_id
        done = act(request_sudo, role, partner, given)
        if not isinstance(done, str):
            return done
        self._note_request_act(request_sudo, done)
        return request.redirect_query(
            f'/my/requests/{request_id}',
            {'done': done, **({'access_token': token} if token else {})})

    def _answer_request(self, request_sudo, role, partner, given):
        try:
            text = web_values.text(given)
            files = web_files.checked(
                (upload.filename, upload.read())
                for upload in request.httprequest.files.getlist('files') if upload.filename)
        except ValueError:
            return 'refused'
        if not role or request_sudo.merged_into_id or not (text or files):
            return 'refused'
        # sudo: ir.attachment - the answer carries them, which its author may give
        attachments_sudo = request.env['ir.attachment'].sudo().create([
            {'name': name, 'raw': content, 'res_model': 'crm.request', 'res_id': request_sudo.id}
            for name, content in files])
        request_sudo._post_as_customer(partner, text, attachment_ids=attachments_sudo.ids)
        return 'answered'

    def _close_request(self, request_sudo, role, partner, given):
        if role != 'customer' or not request_sudo._portal_may_close():
            return 'refused'
        request_sudo._close_as_customer(partner, self._request_feedback(given))
        return 'closed'

    def _reopen_request(self, request_sudo, role, partner, given):
        if role != 'customer' or not request_sudo._portal_may_reopen():
            return 'refused'
        request_sudo._reopen_as_customer(partner, self._request_feedback(given))
        return 'reopened'

    def _rate_request(self, request_sudo, role, partner, given):
        if role != 'customer' or given not in RATES or not request_sudo._portal_may_rate():
            return 'refused'
        token = request_sudo._rating_get_access_token(partner)
        return request.redirect(f'/rate/{token}/{given}')

    def _request_feedback(self, given):
        return web_values.text(given[:web_values.TEXT_SIZE])

    # Who may do something

    def _may_act_on_request(self, request_sudo):
        """Return whether the visitor may do something with a request that he sees.

        :rtype: bool
        """
        return True

    def _check_act_on_request(self, request_sudo):
        """Refuse who may not do anything with a request.

        :raise AccessError: answered with status 403
        """
        if not self._may_act_on_request(request_sudo):
            raise AccessError(request.env._(
                "%(request)s: you may read it, and do nothing with it.",
                request=request_sudo.display_name))

    def _note_request_act(self, request_sudo, done):
        """Note what the visitor has done, where somebody wants to know.

        :param str done: `answered`, `closed`, `reopened` or `refused`
        """

    def _turn_away_from_request(self, request_id):
        """Answer who does not see a request, whether there is one or not."""
        return request.redirect('/my')

    # What the page needs

    def _role_on(self, request_sudo, access_token):
        """Return as what the visitor acts, and the token he needs for it.

        :return: `customer`, `partner` (the outside party), `staff` or nothing; and the token,
            none for who reads by his own rights
        :rtype: tuple[str, str | None]
        """
        user = request.env.user
        if user._is_internal():
            return 'staff', None
        # The rights are the user's own, so the token is of no use to him.
        if not user._is_public() and request_sudo.with_user(user).has_access('read'):
            return request_sudo._portal_role(user.partner_id), None
        return 'customer', access_token

    def _prepare_request_page(self, request_sudo, role, token, done):
        """Return what the page of a request shows.

        :param str role: as what the visitor reads it
        :param str done: what he has just done
        :rtype: dict
        """
        deadline = request_sudo._portal_deadlines().get(request_sudo.id)
        may_act = self._may_act_on_request(request_sudo)
        customer = role == 'customer' and may_act
        return {
            'page_name': 'request',
            'request_record': request_sudo,
            'role': role,
            'may_act': may_act,
            # An address without a contact cannot write into the conversation itself.
            'plain_answer': token and not request_sudo.partner_id,
            'follows_documents': True,
            'endings': ','.join(f'.{ending}' for ending in web_files.ALLOWED),
            'max_files': web_files.MAX_FILES,
            'max_size': web_files.MAX_FILE_SIZE,
            'token_query': f'?access_token={token}' if token else '',
            'done': done,
            'turn': request_sudo._portal_turn(role),
            'deadline': deadline,
            'is_late': deadline and deadline < fields.Datetime.now(),
            'details': request_sudo._portal_details(),
            'documents': [] if role == 'partner' else request_sudo._portal_documents(),
            'attachments': request_sudo._portal_attachments(),
            'may_close': customer and request_sudo._portal_may_close(),
            'may_reopen': customer and request_sudo._portal_may_reopen(),
            'may_rate': customer and request_sudo._portal_may_rate(),
            'res_company': request_sudo.company_id,
        }

    def _request_neighbours(self, request_id):
        """Return the links to the request before and after in the list shown last."""
        history = request.session.get('my_requests_history', [])
        if request_id not in history:
            return {}
        index = history.index(request_id)
        return {
            'prev_record': index > 0 and f'/my/requests/{history[index - 1]}',
            'next_record': index + 1 < len(history) and f'/my/requests/{history[index + 1]}',
        }
