from . import test_access
from . import test_amount_unpaid
from . import test_call_queue
from . import test_doctest
from . import test_performance
from . import test_register_payment
from . import test_tours
