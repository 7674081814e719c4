from . import test_order_transfers
from . import test_order_correction_transfers
