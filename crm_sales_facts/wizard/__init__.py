from . import crm_sales_compare
