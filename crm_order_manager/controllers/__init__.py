from . import crm_commission_settlement
