from . import offer_right
