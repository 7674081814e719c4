from . import account_payment_register
from . import crm_commission_settle
from . import crm_commission_simulation
from . import crm_customer_offer
from . import crm_customer_finder
from . import crm_manager_absence
from . import crm_manager_assign
from . import crm_personal_manager_assign
