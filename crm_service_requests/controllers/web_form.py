import time
from secrets import token_urlsafe

from odoo import http
from odoo.http import request
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

from odoo.addons.crm_roles.replica import only_read

from .. import web_files, web_values
from .portal import browser_timezone

# How long a form that was opened may be sent, in hours.
FORM_HOURS = 24
# A field that nobody sees; who fills it in is a robot.
TRAP = 'homepage'
ICONS = {
    'information': 'fa-info-circle', 'service': 'fa-wrench', 'debt': 'fa-money',
    'accounting': 'fa-file-text-o', 'warranty': 'fa-shield', 'return': 'fa-reply',
    'complaint': 'fa-exclamation-circle', 'help': 'fa-life-ring',
}


class RequestForm(http.Controller):
    """The form by which customers and strangers make requests."""

    @http.route(
        '/requests/new', type='http', auth='public', website=True, methods=['GET'],
        readonly=only_read)
    def request_types(self, **kwargs):
        """Offer the types of requests to choose from."""
        types = self._offered_types()
        if len(types) == 1:
            return request.redirect(f'/requests/new/{types.id}')
        return request.render('crm_service_requests.request_types', {
            'types': types, 'icon': self._icon, 'page_name': 'new_request'})

    @http.route(
        '/requests/new/<int:type_id>', type='http', auth='public', website=True,
        methods=['GET'], readonly=only_read)
    def request_form(self, type_id, **kwargs):
        """Show the form of one type.

        :param int type_id: the type
        """
        kind = self._offered_type(type_id)
        if not kind:
            return request.redirect('/requests/new')
        return self._render_form(kind)

    @http.route(
        '/requests/new/<int:type_id>', type='http', auth='public', website=True,
        methods=['POST'], max_content_length=web_files.MAX_TOTAL_SIZE + 2 ** 20)
    def request_send(self, type_id, **kwargs):
        """Make a request of what was typed into the form; what is wrong is said beside it.

        :param int type_id: the type
        """
        kind = self._offered_type(type_id)
        if not kind:
            return request.redirect('/requests/new')
        form = request.httprequest.form
        nonce, errors = self._check_sender(form)
        if nonce and request.session.get('crm_request_sent', {}).get('nonce') == nonce:
            return request.redirect('/requests/thanks')
        data, files, unread = self._read_form(kind, form)
        errors = {**errors, **unread}
        if not errors and not self._may_send(data):
            errors['form'] = self._too_often()
        if not errors and not self._rates()._use_once(nonce):
            errors['form'] = self._sent_before()
        if errors:
            return self._render_form(kind, form, errors)
        request_sudo = request.env['crm.request']._create_from_web(kind, data, files)
        request.session['crm_request_sent'] = {
            'nonce': nonce, 'id': request_sudo.id, 'number': request_sudo.number,
            'email': kind.confirm_automatically and kind.confirm_template_id and (
                request_sudo.email_normalized) or ''}
        return request.redirect('/requests/thanks')

    @http.route(
        '/requests/thanks', type='http', auth='public', website=True, methods=['GET'],
        readonly=only_read)
    def request_thanks(self, **kwargs):
        """Tell the registration number to who has just made a request."""
        sent = request.session.get('crm_request_sent')
        if not sent:
            return request.redirect('/requests/new')
        return request.render('crm_service_requests.request_thanks', {
            'sent': sent, 'page_name': 'new_request'})

    def _offered_types(self):
        """Return the types that the visitor may choose.

        :rtype: crm.request.type
        """
        return request.env['crm.request.type']._offered()

    def _offered_type(self, type_id):
        """Return a type that the visitor may choose, none for every other number."""
        return self._offered_types().filtered(lambda kind: kind.id == type_id)

    def _icon(self, kind):
        """Return the picture of a type where one chooses."""
        if kind.kind == 'information' and kind.convert_to in ('quotation', 'order'):
            return 'fa-shopping-cart'
        return ICONS[kind.kind]

    def _render_form(self, kind, form=None, errors=None):
        """Show the form, with what was typed into it and what is wrong with it.

        :param kind: the type, a `crm.request.type`
        :param form: what was sent
        :type form: werkzeug.datastructures.MultiDict
        :param dict errors: by the name of the field, what is wrong with it
        """
        return request.render('crm_service_requests.request_form', self._prepare_form(
            kind, form, errors))

    def _prepare_form(self, kind, form=None, errors=None):
        """Return what the form shows, see :meth:`_render_form`.

        :rtype: dict
        """
        return {
            'kind': kind,
            'fields': kind._web_fields(),
            'given': form or {},
            'lists': form.getlist if form else lambda name: [],
            'errors': errors or {},
            'stamp': self._new_stamp(),
            'trap': TRAP,
            'is_stranger': request.env.user._is_public(),
            'endings': ','.join(f'.{ending}' for ending in web_files.ALLOWED),
            'max_files': web_files.MAX_FILES,
            'max_size': web_files.MAX_FILE_SIZE,
            'max_total': web_files.MAX_TOTAL_SIZE,
            'page_name': 'new_request',
        }

    # Who sends it

    def _rates(self):
        # sudo: crm.web.rate - everybody who sends a form is counted
        return request.env['crm.web.rate'].sudo()

    def _check_sender(self, form):
        """Look whether a person sent the form, and not too often.

        :return: what is unique about the form, and what is wrong
        :rtype: tuple[str, dict[str, str]]
        """
        user = request.env.user
        counted = ('address', request.httprequest.remote_addr or '') if user._is_public() else (
            'user', str(user.id))
        if not self._rates()._use(*counted):
            return '', {'form': self._too_often()}
        if form.get(TRAP):
            return '', {'form': request.env._(
                "Please leave the field without a name empty, and send the form again.")}
        opened, nonce = self._read_stamp(form.get('stamp', ''))
        if not nonce:
            return '', {'form': request.env._(
                "This form was open for too long. Please look through it and send it again.")}
        if time.time() - opened < self._fill_seconds():
            return '', {'form': request.env._(
                "That was very fast. Please look through the form and send it again.")}
        if self._rates()._is_used(nonce):
            return nonce, {'form': self._sent_before()}
        return nonce, {}

    def _new_stamp(self):
        """Return what tells when a form was opened, and that it was."""
        # sudo: ir.config_parameter - the secret of the database signs the form
        return hash_sign(
            request.env['crm.request'].sudo().env, 'crm_request_form',
            [time.time(), token_urlsafe(16)], expiration_hours=FORM_HOURS)

    def _read_stamp(self, stamp):
        """Return when a form was opened and what is unique about it.

        :rtype: tuple[float, str]
        """
        try:
            # sudo: ir.config_parameter - the secret of the database signed the form
            signed = verify_hash_signed(
                request.env['crm.request'].sudo().env, 'crm_request_form', stamp)
        except ValueError:
            signed = None
        return tuple(signed) if signed else (0.0, '')

    def _fill_seconds(self):
        """Return how long a person needs at least to fill in a form."""
        # sudo: ir.config_parameter - everybody who sends a form is asked
        value = request.env['ir.config_parameter'].sudo().get_param(
            'crm_service_requests.web_fill_seconds', '3')
        return int(value) if value.isdecimal() else 3

    def _may_send(self, data):
        """Tell whether requests of this mail address are not too many."""
        return 'email' not in data or self._rates()._use('mail', email_normalize(data['email']))

    def _too_often(self):
        return request.env._(
            "There were too many requests from here within an hour. Please wait, or call us.")

    def _sent_before(self):
        return request.env._(
            "This form was sent before. If you mean another request, send it again.")

    # What was typed

    def _read_form(self, kind, form):
        """Read a form.

        :return: the data for the request, the files, and by the name of the field what is wrong
        :rtype: tuple[dict, list[tuple[str, bytes]], dict[str, str]]
        """
        data, errors = {}, {}
        for name, (label, size, required) in self._form_fields().items():
            reader = web_values.text if name == 'text' else web_values.line
            try:
                data[name] = reader(form.get(name, ''), size)
            except web_values.Unreadable as error:
                errors[name] = kind._web_complaint(str(error), label)
            else:
                if required and not data[name]:
                    errors[name] = kind._web_complaint('missing', label)
        if data.get('email') and email_normalize(data['email']) != data['email'].lower():
            errors['email'] = request.env._("Please write a mail address, like ann@example.com.")
        data['properties'], unread = kind._read_web_fields(form, browser_timezone())
        files, refused = self._read_files()
        return data, files, {**errors, **unread, **refused}

    def _form_fields(self):
        """Return what every form asks for: label, size and whether it must be filled in.

        :rtype: dict[str, tuple]
        """
        fields = {
            'phone': (request.env._("Phone"), 40, False),
            'subject': (request.env._("Subject"), 200, True),
            'text': (request.env._("Your request"), web_values.TEXT_SIZE, True),
        }
        if not request.env.user._is_public():
            return fields
        return {
            'name': (request.env._("Your name"), 100, True),
            'email': (request.env._("Email"), 200, True), **fields}

    def _read_files(self):
        """Return the files that came with a form, and why they are not taken."""
        try:
            return web_files.checked(
                (upload.filename, upload.read())
                for upload in request.httprequest.files.getlist('files')
                if upload.filename), {}
        except web_files.Refused as refused:
            return [], {'files': request.env['crm.request']._file_complaint(refused)}
