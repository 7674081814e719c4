from odoo.http import route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.portal.controllers.portal import CustomerPortal


class PortalHome(CustomerPortal):

    @route(readonly=only_read)
    def home(self, **kw):
        return super().home(**kw)
