from . import base_partner_merge, crm_portal_conversation
from . import account_move_rights, mail_message_portal
from . import res_partner_address, sale_order_rights
from . import crm_representative_act, crm_representative_right
from . import crm_representative_access, crm_representative_colleague
from . import crm_representative_invitation, crm_representative_role
from . import crm_request, crm_statement, res_partner, res_partner_account, res_users
from . import res_groups, res_partner_representative, res_users_colleague
from . import res_partner_group, res_users_right, sale_order, sale_order_customer
from . import account_move_line_bought, crm_lead_proposal, crm_request_quotation
from . import product_product_sold, res_users_any_right, sale_order_line_bought
from . import crm_delivery_time, crm_order_delay, crm_order_delay_notice, crm_order_delay_request
from . import res_company_late, res_config_settings_late, sale_order_delay, sale_order_forecast
from . import sale_order_line_delivery, sale_order_line_forecast
from . import sale_order_tracking
from . import account_move_line_ledger
from . import account_move_list, ir_http, ir_rule, portal_mixin, res_partner_contact
from . import sale_order_list
from . import sale_order_status
from . import crm_representative_act_request, crm_request_lookup, crm_request_lookup_find
from . import crm_request_right, mail_message, res_users_request
from . import crm_shared_document, crm_shared_document_audience, crm_shared_document_mail
from . import crm_shared_document_receipt, crm_shared_document_type, res_users_document
from . import crm_order_correction, crm_order_correction_decide, crm_order_correction_line
from . import res_company_correction, res_config_settings_correction, sale_order_correct
from . import sale_order_correction, sale_order_correction_effect, sale_order_line_correction
from . import account_move_choice, account_payment_choice, crm_payment_choice
from . import crm_payment_choice_rest, crm_payment_choice_settle, payment_transaction_choice
from . import res_company_pay, res_config_settings_pay, sale_order_choice
from . import res_partner_account_right
from . import crm_portal_block, res_partner_block, res_users_block
from . import crm_request_details, crm_request_similar, crm_request_type_details
from . import crm_request_type_bill, crm_request_type_return, crm_request_type_visit
from . import crm_request_type_warranty
from . import account_move_link, crm_request_link, portal_mixin_link, res_users_link
from . import res_partner_invited, res_users_invited
from . import crm_representative_act_set_off
