from . import test_order_transfers
