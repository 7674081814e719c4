from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.crm_service_requests import web_files, web_values
from odoo.addons.crm_service_requests.controllers.web_form import TRAP, RequestForm

# In the session: what the user has started last.
STARTED = 'crm_started'


class StartForm(RequestForm):
    """What the forms have in common by which a customer starts something."""

    def _customer(self):
        """Return the user, who is a customer.

        :raise NotFound: for employees
        """
        user = request.env.user
        if not user.share:
            raise NotFound()
        return user

    def _prepare_start_form(self, form, errors):
        """Return what every form shows: what was typed, and what is wrong with it.

        :param form: what was sent
        :type form: werkzeug.datastructures.MultiDict | dict
        :param dict errors: by the name of the field, what is wrong with it
        """
        return {
            'given': form or {},
            'errors': errors,
            'stamp': self._new_stamp(),
            'trap': TRAP,
            'contact': request.env.user._portal_contact(),
            'endings': ','.join(f'.{ending}' for ending in web_files.ALLOWED),
            'max_files': web_files.MAX_FILES,
            'max_size': web_files.MAX_FILE_SIZE,
        }

    def _read_lines(self, form, fields):
        """Return what was typed into fields of text, and what is wrong with it.

        :param dict fields: by name the label, the size and whether it must be filled in
        :rtype: tuple[dict, dict]
        """
        data, errors = {}, {}
        for name, (label, size, required) in fields.items():
            reader = web_values.text if name == 'text' else web_values.line
            try:
                data[name] = reader(form.get(name, ''), size)
            except web_values.Unreadable:
                errors[name] = request.env._(
                    "%(field)s: please write no more than %(size)s characters.",
                    field=label, size=size)
            else:
                if required and not data[name]:
                    errors[name] = request.env._("%(field)s: please fill this in.", field=label)
        return data, errors

    def _once(self, form, errors, make):
        """Make something of a form, unless it was made before or something is wrong.

        :param form: what was sent
        :param dict errors: what is wrong with what was typed; what is wrong otherwise is added
        :param make: makes it, and returns what the page that says thanks tells
        :type make: Callable[[], dict]
        :return: whether it is made
        :rtype: bool
        """
        nonce, refused = self._check_sender(form)
        if nonce and request.session.get(STARTED, {}).get('nonce') == nonce:
            return True
        errors.update(refused)
        if not errors and not self._rates()._use_once(nonce):
            errors['form'] = self._sent_before()
        if errors:
            return False
        request.session[STARTED] = {'nonce': nonce, **make()}
        return True

    def _check_any_right(self, user):
        """Refuse a user of the portal who has no right at all.

        :raise AccessError: answered with status 403
        """
        if not user._has_any_portal_right():
            raise AccessError(request.env._(
                "Your access to the portal does not allow this. Ask who administers it in your "
                "company, or your contact here."))
