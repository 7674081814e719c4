from . import test_doctest, test_statement, test_statement_portal
