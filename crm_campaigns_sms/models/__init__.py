from . import crm_campaign_step
from . import crm_campaign_touch
