from . import crm_call_log_campaign
from . import crm_label_print
from . import crm_letter_preview
