from . import crm_return_purchase
from . import crm_request_return_line
from . import crm_request
from . import crm_request_warranty
from . import stock_picking
