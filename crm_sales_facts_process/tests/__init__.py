from . import test_process_value
