from . import test_personal_manager
