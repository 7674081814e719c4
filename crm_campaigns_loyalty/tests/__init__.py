from . import test_incentive_coupon
from . import test_promotion
