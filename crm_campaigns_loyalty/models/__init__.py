from . import crm_campaign_sale
from . import crm_campaign_step
from . import crm_campaign_touch
from . import crm_incentive_grant
from . import crm_incentive_rule
from . import loyalty_program
from . import sale_order_line
from . import utm_campaign
