from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.portal.controllers.portal import CustomerPortal


class PortalHelp(CustomerPortal):

    @route('/my/help', type='http', auth='user', website=True, readonly=only_read)
    def portal_my_help(self, **params):
        """Tell what can be done in the portal, as far as the user may do it."""
        user = request.env.user
        return request.render('crm_selfservice_portal.portal_my_help', {
            **self._prepare_portal_layout_values(),
            'page_name': 'help',
            'may': user._has_portal_right,
        })
