from . import portal_account, portal_statement
