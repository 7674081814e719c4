from . import crm_request, crm_statement, res_partner, res_partner_account, res_users
from . import sale_order, sale_order_line
