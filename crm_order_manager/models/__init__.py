from . import account_move
from . import account_payment
from . import payment_transaction
from . import res_partner
from . import sale_order
