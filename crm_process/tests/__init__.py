from . import test_doctest
from . import test_tracking
