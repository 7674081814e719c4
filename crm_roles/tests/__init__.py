from . import test_accounts
from . import test_call_center
from . import test_configuration
from . import test_domain_text
from . import test_found_first
from . import test_role_matrix
from . import test_service
