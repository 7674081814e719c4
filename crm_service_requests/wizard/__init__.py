from . import crm_request_scan
