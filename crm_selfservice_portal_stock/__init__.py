from . import models
from .hooks import fill_dates
