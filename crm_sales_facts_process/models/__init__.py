from . import crm_process
from . import crm_process_cockpit
from . import crm_process_run
from . import sale_order
