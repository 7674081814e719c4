from . import crm_campaign_step
from . import crm_campaign_touch
from . import mailing_contact
from . import utm_campaign
