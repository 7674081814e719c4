from . import test_audience
from . import test_campaign
from . import test_campaign_money
from . import test_uplift
