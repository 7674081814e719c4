from . import portal_account, portal_statement
from . import portal_colleagues
from . import start_proposal, start_quotation
from . import portal_order_delay
