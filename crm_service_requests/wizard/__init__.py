from . import crm_request_intake
from . import crm_request_scan
from . import crm_request_rule_candidate
from . import crm_request_convert
from . import crm_request_convert_line
from . import crm_request_override
from . import crm_request_merge
from . import crm_request_split
