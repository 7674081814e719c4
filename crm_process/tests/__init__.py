from . import test_doctest
from . import test_tracking
from . import test_explain
from . import test_definition
from . import test_prediction
from . import test_report
from . import test_tours
from . import test_warning
