from . import crm_call
from . import crm_call_outcome
from . import crm_call_queue_mixin
from . import res_partner
