from werkzeug.exceptions import abort

from odoo.exceptions import AccessError
from odoo.http import request


def check_right(right):
    """Refuse a user of the portal who has not a right, with status 403 also where JSON is spoken.

    :param str right: one of `crm_representative_right.RIGHTS`
    :raise AccessError: when he has it not
    """
    try:
        request.env.user._check_portal_right(right)
    except AccessError as error:
        if request.dispatcher.routing_type != 'jsonrpc':
            raise
        response = request.dispatcher.handle_error(error)
        response.status_code = 403
        abort(response)
