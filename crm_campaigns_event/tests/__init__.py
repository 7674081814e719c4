from . import test_access
from . import test_event_criterion
from . import test_event_step
