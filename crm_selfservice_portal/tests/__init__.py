from . import test_account_status, test_doctest, test_representative_right
from . import test_statement, test_statement_portal
from . import test_tours
