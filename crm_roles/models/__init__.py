from . import crm_role_matrix
from . import crm_write_guard
from . import account_move
from . import account_move_reversal
from . import ir_http
from . import res_partner
from . import sale_order
from . import sale_order_line
