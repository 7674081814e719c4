from . import crm_request
from . import crm_request_failed_payment
from . import payment_transaction
from . import account_move
from . import sale_order
