from . import test_failed_payment_request
from . import test_personal_manager_request
