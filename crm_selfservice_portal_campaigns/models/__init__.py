from . import crm_portal_block
from . import crm_portal_offer
from . import res_users
