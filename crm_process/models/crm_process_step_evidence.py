from odoo import models

from . import durations

# The norm is what 80 of 100 cases keep.
NORM_SHARE = 0.8
# A norm is wrong if that lies surely below or above so much of it.
SHORTEN_AT, LENGTHEN_AT = 0.75, 1.25
# Of how many cases it holds at the least that they stood longer than they were worked on.
WAITING_SURE = 0.6


class CrmProcessStep(models.Model):
    """Find in what is past how the step could be better."""

    _inherit = 'crm.process.step'

    def _find_norm(self, cases):
        """Yield a suggestion if the norm is surely not what such steps take.

        :param cases: working hours, hours waited, and the end of each
        """
        sample = sorted(worked for worked, _waited, _end in cases)
        months = self.process_id._months(end for _worked, _waited, end in cases)
        low, high = durations.quantile_bounds(sample, NORM_SHARE)
        limit = self.norm_hours + self.tolerance_hours
        values = {
            'step_id': self.id, 'cases': len(cases), 'norm_hours': self.norm_hours,
            'median_hours': durations.quantile(sample, 0.5),
            'safe_hours': durations.quantile(sample, NORM_SHARE),
            'share': 100 * sum(worked > limit for worked in sample) / len(cases)}
        if high is not None and 0 < high < SHORTEN_AT * self.norm_hours:
            proposed = durations.tidy_norm(high)
            if proposed < self.norm_hours:
                yield {
                    **values, 'kind': 'shorten', 'bound_hours': high, 'proposed_hours': proposed,
                    'gain_hours': sum(max(0, worked - proposed) for worked in sample) / months}
        elif low is not None and low > LENGTHEN_AT * limit:
            proposed = durations.tidy_norm(values['safe_hours'])
            yield {
                **values, 'kind': 'lengthen', 'bound_hours': low, 'proposed_hours': proposed,
                'late_saved': sum(
                    limit < worked <= proposed + self.tolerance_hours
                    for worked in sample) / months}

    def _find_waiting(self, cases):
        """Yield a suggestion if documents stand longer than they are worked on.

        :param cases: working hours, hours waited, and the end of each
        """
        stood = sum(waited > worked for worked, waited, _end in cases)
        low, _high = durations.share_bounds(stood, len(cases))
        if low < WAITING_SURE:
            return
        waits = sorted(waited for _worked, waited, _end in cases)
        middle = durations.quantile(waits, 0.5)
        yield {
            'kind': 'waiting', 'step_id': self.id, 'cases': len(cases),
            'share': 100 * stood / len(cases), 'norm_hours': self.norm_hours,
            'median_hours': durations.quantile(sorted(case[0] for case in cases), 0.5),
            'waiting_hours': middle,
            'gain_hours': sum(max(0, waited - middle) for waited in waits) / self.process_id
            ._months(end for _worked, _waited, end in cases)}
