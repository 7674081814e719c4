from . import test_payment_link_sms
