from . import portal_list
from . import portal
from . import request_page
from . import web_form
from . import confirm
from . import conversation_file
