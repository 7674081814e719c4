from . import customer_workbook
from . import sales_workbook
