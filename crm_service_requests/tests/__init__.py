from . import test_access
from . import test_performance
from . import test_inbox
from . import test_request
from . import test_scan
from . import test_turn
from . import test_return
from . import test_doctest
