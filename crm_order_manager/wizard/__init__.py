from . import account_payment_register
from . import crm_manager_assign
