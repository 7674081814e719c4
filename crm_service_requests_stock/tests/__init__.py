from . import test_return_transfer
from . import test_serial
