import time

from odoo import fields
from odoo.api import SUPERUSER_ID
from odoo.http import Controller, request, route

from ..models.res_config_settings_telephony import SECRET
from ..models.telephony import MAX_BODY_BYTES, is_recent, is_signed, read_event


class TelephonyController(Controller):

    @route(
        '/crm_calls/telephony', type='http', auth='public', methods=['POST'], csrf=False,
        save_session=False)
    def telephony(self):
        """Receive an event of the dialler.

        Without a trusted signature nothing is read, and what is refused leaves no trace. An error
        of the database is answered with the status 500: the dialler is to send the event again.
        """
        httprequest = request.httprequest
        if httprequest.mimetype != 'application/json':
            return self._refuse(400, "send the event as application/json")
        if not httprequest.content_length or httprequest.content_length > MAX_BODY_BYTES:
            return self._refuse(400, f"the body must have 1 to {MAX_BODY_BYTES} bytes")
        body = httprequest.get_data()
        timestamp = httprequest.headers.get('X-Call-Timestamp', '')
        signature = httprequest.headers.get('X-Call-Signature', '')
        # sudo: ir.config_parameter - the secret decides who may speak here
        secret = request.env['ir.config_parameter'].sudo().get_param(SECRET, '')
        if not is_signed(secret, timestamp, body, signature):
            return self._refuse(401, "the signature is wrong")
        if not is_recent(timestamp, time.time()):
            return self._refuse(401, "the message is too old, or the clock is wrong")
        # sudo: crm.call.event - who knows the secret is the dialler, which is no user
        events_sudo = request.env(user=SUPERUSER_ID)['crm.call.event'].sudo()
        try:
            call, result = events_sudo._receive(read_event(body, fields.Datetime.now()))
        except ValueError as error:
            return self._refuse(400, str(error))
        return request.make_json_response({'call': call.id, 'result': result})

    def _refuse(self, status, reason):
        return request.make_json_response({'error': reason}, status=status)
