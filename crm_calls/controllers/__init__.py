from . import hold
from . import telephony
