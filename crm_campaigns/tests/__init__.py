from . import test_audience
from . import test_campaign
from . import test_campaign_call
from . import test_campaign_money
from . import test_step
from . import test_step_mail
from . import test_uplift
