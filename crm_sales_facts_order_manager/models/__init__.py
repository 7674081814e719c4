from . import crm_sales_compare
from . import crm_sales_dimensions
