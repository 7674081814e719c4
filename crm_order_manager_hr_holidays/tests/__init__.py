from . import test_doctest
from . import test_time_off
