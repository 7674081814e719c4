from . import crm_statement, res_partner
