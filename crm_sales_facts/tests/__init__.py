from . import test_access
from . import test_bad_input
from . import test_doctest
from . import test_facts
from . import test_performance
from . import test_reports
from . import test_sales_sheet
from . import test_tours
