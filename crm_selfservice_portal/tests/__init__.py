from . import test_account_status, test_doctest, test_statement, test_statement_portal
from . import test_tours
