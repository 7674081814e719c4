from . import crm_sales_fact
from . import crm_sales_fact_delta
from . import account_move
from . import account_move_line
from . import base_partner_merge
from . import product_template
from . import uom_uom
from . import res_partner
