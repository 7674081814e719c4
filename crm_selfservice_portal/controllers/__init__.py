from . import portal_address_rights, portal_colleagues, portal_order_rights, portal_token
from . import portal_help
from . import start_proposal, start_quotation
from . import portal_order_delay
from . import portal_account, portal_contact, portal_home, portal_invoices, portal_orders
from . import portal_statement
from . import portal_documents
from . import portal_correction
from . import payment_pay, portal_pay, portal_payment_rights
from . import request_details, request_lookup, request_right, request_similar
from . import portal_link
from . import pay_set_off
