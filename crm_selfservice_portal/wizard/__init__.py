from . import portal_wizard_user
from . import crm_order_correction_refuse
