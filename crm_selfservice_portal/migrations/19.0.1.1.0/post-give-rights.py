from odoo.api import SUPERUSER_ID, Environment

from odoo.addons.crm_selfservice_portal import give_rights


def migrate(cr, version):
    """Give rights to those who use the portal since before there were any."""
    give_rights(Environment(cr, SUPERUSER_ID, {}))
