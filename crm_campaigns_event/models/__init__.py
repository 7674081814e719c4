from . import crm_audience_criterion
from . import crm_campaign_member
from . import crm_campaign_step
from . import crm_campaign_touch
from . import event_event
from . import event_event_ticket
from . import event_registration
