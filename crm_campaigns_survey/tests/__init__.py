from . import test_survey_criterion
from . import test_survey_step
