from odoo import api, models
from odoo.tools import format_duration


class CrmProcessSuggestion(models.Model):
    """Tell the evidence in a plain sentence."""

    _inherit = 'crm.process.suggestion'

    @api.depends('kind', 'step_id', 'other_step_id', 'cases', 'gain_hours', 'proposed_hours')
    def _compute_evidence(self):
        for suggestion in self:
            suggestion.evidence = suggestion._sentences()[suggestion.kind]()

    def _sentences(self):
        """Return what writes the sentence of each kind."""
        return {
            'shorten': self._shorten_sentence,
            'lengthen': self._lengthen_sentence,
            'parallel': self._parallel_sentence,
            'critical': self._critical_sentence,
            'waiting': self._waiting_sentence,
        }

    def _hours(self, name):
        """Return a number of hours as hours and minutes."""
        return format_duration(self[name])

    def _shorten_sentence(self):
        return self.env._(
            "80 %% of %(cases)s cases were done within %(safe)s, with a confidence of 95 %% within "
            "%(bound)s; the norm is %(norm)s. With a norm of %(proposed)s the others are warned of "
            "earlier: up to %(gain)s hours a month.",
            cases=self.cases, safe=self._hours('safe_hours'), bound=self._hours('bound_hours'),
            norm=self._hours('norm_hours'), proposed=self._hours('proposed_hours'),
            gain=self._hours('gain_hours'))

    def _lengthen_sentence(self):
        return self.env._(
            "To get 80 %% of %(cases)s cases done it took %(safe)s, with a confidence of 95 %% "
            "more than %(bound)s; the norm is %(norm)s, and %(share).0f %% were late. With a norm "
            "of %(proposed)s there would be %(late).1f fewer a month: no work is saved, but the "
            "deadline can be believed.",
            cases=self.cases, safe=self._hours('safe_hours'), bound=self._hours('bound_hours'),
            norm=self._hours('norm_hours'), share=self.share,
            proposed=self._hours('proposed_hours'), late=self.late_saved)

    def _parallel_sentence(self):
        return self.env._(
            "In %(share).0f %% of %(cases)s cases the document was ready for %(step)s before "
            "%(other)s was over, or left it first: it does not need what %(other)s brings. Without "
            "waiting, documents come to their end %(saved)s hours earlier on average, %(gain)s "
            "hours a month in all.",
            share=self.share, cases=self.cases, step=self.step_id.name,
            other=self.other_step_id.name, saved=self._hours('saved_hours'),
            gain=self._hours('gain_hours'))

    def _critical_sentence(self):
        return self.env._(
            "%(step)s runs beside %(other)s and is the longer way. In %(cases)s cases an hour "
            "saved in %(step)s would have brought the end %(saved)s hours nearer, an hour saved in "
            "%(other)s only %(beside)s: %(gain)s hours a month.",
            step=self.step_id.name, other=self.other_step_id.name, cases=self.cases,
            saved=self._hours('saved_hours'), beside=self._hours('other_saved_hours'),
            gain=self._hours('gain_hours'))

    def _waiting_sentence(self):
        return self.env._(
            "In %(share).0f %% of %(cases)s cases the clock stood longer than was worked: half the "
            "cases stood up to %(waiting)s hours and took %(median)s. To work faster would not "
            "help. If none stood longer than half of them do, %(gain)s hours a month were saved.",
            share=self.share, cases=self.cases, waiting=self._hours('waiting_hours'),
            median=self._hours('median_hours'), gain=self._hours('gain_hours'))
