from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests import web_values
from odoo.addons.crm_service_requests.controllers.web_form import RequestForm

SUBJECT_SIZE = 200


class SimilarRequestForm(RequestForm):
    """Who writes a request is asked whether he means one that there is already."""

    @route(
        '/my/requests/similar', type='http', auth='user', website=True, methods=['GET'],
        readonly=only_read)
    def portal_requests_similar(self, subject='', **params):
        """Return the user's own pending requests with a subject like this, as a piece of a page.

        :param str subject: what he has typed so far
        """
        return request.render('crm_selfservice_portal.request_similar', {
            'similar': self._similar_requests(subject)})

    @route()
    def request_send(self, type_id, **kwargs):
        kind = self._offered_type(type_id)
        if kind and self._similar_unseen(request.httprequest.form):
            return self._render_form(kind, request.httprequest.form)
        return super().request_send(type_id, **kwargs)

    def _prepare_form(self, kind, form=None, errors=None):
        values = super()._prepare_form(kind, form, errors)
        similar = self._similar_requests(form.get('subject', '') if form else '')
        if form and not errors:
            # It was looked through, and may be sent again at once.
            values['stamp'] = form.get('stamp', '')
        return {**values, 'similar': similar}

    def _similar_requests(self, subject):
        """Return the user's own pending requests with a subject like this.

        :rtype: crm.request
        """
        requests = request.env['crm.request']
        if not request.env.user._is_portal():
            return requests
        return requests._similar_to(
            web_values.CONTROLS.sub('', subject)[:SUBJECT_SIZE])

    def _similar_unseen(self, form):
        """Return those of them that the form has not yet shown.

        :param form: what was sent
        :type form: werkzeug.datastructures.MultiDict
        :rtype: crm.request
        """
        seen = set(form.get('seen', '').split(','))
        return self._similar_requests(form.get('subject', '')).filtered(
            lambda similar: str(similar.id) not in seen)
