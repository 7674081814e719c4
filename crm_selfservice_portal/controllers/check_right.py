from werkzeug.exceptions import abort

from odoo.exceptions import AccessError, MissingError
from odoo.http import request


def check_right(right):
    """Refuse a user of the portal who has not a right, with status 403 also where JSON is spoken.

    :param str right: one of `crm_representative_right.RIGHTS`
    :raise AccessError: when he has it not
    """
    try:
        request.env.user._check_portal_right(right)
    except AccessError as error:
        refuse(error)


def check_link(portal, model_name, document_id, access_token, right):
    """Refuse who comes by the link of a document whose contact has not a right.

    Who has no valid link is left to what checks it next.

    :param portal: the controller
    :param str access_token: of the link
    :param str right: one of `crm_representative_right.RIGHTS`
    :raise AccessError: when the contact has it not
    """
    try:
        document_sudo = portal._document_check_access(model_name, document_id, access_token)
    except (AccessError, MissingError):
        return
    if not document_sudo._visitor_may(request.env.user, right):
        refuse(link_error(document_sudo))


def link_error(document_sudo):
    """Return what is told to who comes by a link that does not allow what he wants."""
    return AccessError(request.env._(
        "%(document)s: this cannot be done by the link. Sign in, or ask your contact here.",
        document=document_sudo.display_name))


def refuse(error):
    """Answer with an error, and with status 403 also where JSON is spoken.

    :param AccessError error: what is told
    """
    if request.dispatcher.routing_type != 'jsonrpc':
        raise error
    response = request.dispatcher.handle_error(error)
    response.status_code = 403
    abort(response)
