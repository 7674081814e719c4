from . import test_doctest
from . import test_tracking
from . import test_explain
