from . import portal_account, portal_statement
from . import portal_colleagues
