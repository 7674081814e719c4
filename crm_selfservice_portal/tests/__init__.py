from . import test_portal_help
from . import test_portal_language
from . import test_account_status, test_colleagues, test_colleagues_portal, test_doctest
from . import test_portal_rights, test_representative_access, test_representative_right
from . import test_order_correction, test_order_correction_kinds, test_order_correction_portal
from . import test_statement, test_statement_portal
from . import test_delivery_time, test_order_delay, test_order_tracking
from . import test_colleague_tour, test_correction_tour, test_tours
from . import test_start_proposal, test_start_quotation
from . import test_portal_lists
from . import test_shared_document, test_shared_document_portal
from . import test_pay, test_pay_portal, test_pay_tour
from . import test_portal_block
from . import test_request_details, test_request_files, test_request_lookup, test_request_right
from . import test_request_similar
from . import test_invitation_secret, test_pay_set_off, test_portal_link
