from . import test_offer_right
