from . import test_access
from . import test_call
from . import test_call_hours
from . import test_difficulty
from . import test_doctest
from . import test_script
from . import test_recordings
from . import test_telephony
