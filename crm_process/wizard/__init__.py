from . import crm_process_postpone
from . import crm_process_reassign
