from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.portal.controllers.portal import CustomerPortal


class PortalContact(CustomerPortal):

    @route('/my/contact/photo', type='http', auth='user', readonly=only_read)
    def portal_my_contact_photo(self, **params):
        """Send the picture of who looks after the user."""
        contact = request.env.user._portal_contact()
        if not contact:
            raise NotFound()
        return request.env['ir.binary']._get_image_stream_from(
            contact, 'avatar_128').get_response()
