from odoo import api, fields, models
from odoo.tools import SQL


class CrmCallScriptReport(models.Model):
    """How each step of the scripts goes: how often it was shown, and what became of it."""

    _name = 'crm.call.script.report'
    _description = "Script Analysis"
    _auto = False
    _order = 'date_start DESC, id DESC'
    _rec_name = 'step_id'
    _depends = {
        'crm.call.answer': ['call_id', 'sequence', 'script_id', 'step_id', 'choice_id'],
        'crm.call': [
            'user_id', 'partner_id', 'company_id', 'date_start', 'outcome_id', 'outcome_kind',
            'difficulty_id', 'res_model', 'res_id'],
    }

    call_id = fields.Many2one('crm.call', readonly=True)
    script_id = fields.Many2one('crm.call.script', readonly=True)
    step_id = fields.Many2one('crm.call.script.step', readonly=True)
    choice_id = fields.Many2one('crm.call.script.choice', "Answer", readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    user_id = fields.Many2one('res.users', "Caller", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date_start = fields.Datetime("Date", readonly=True)
    outcome_id = fields.Many2one('crm.call.outcome', readonly=True)
    difficulty_id = fields.Many2one('crm.call.difficulty', "Payment Difficulty", readonly=True)
    shown = fields.Integer(
        "Times Shown", readonly=True, aggregator='sum', help="How often callers came to the step.")
    lost = fields.Integer(
        "Lost Here", readonly=True, aggregator='sum',
        help="Calls that ended at the step, with a customer who does not want any more.")
    lost_rate = fields.Float("Lost Here (%)", readonly=True, aggregator='avg')

    @property
    def _table_query(self):
        columns = SQL(", ").join(
            SQL("%s AS %s", column, SQL.identifier(name))
            for name, column in self._report_columns().items())
        return SQL(
            """
            SELECT %(columns)s
            FROM (
                SELECT *, row_number() OVER (
                    PARTITION BY call_id ORDER BY sequence DESC, id DESC) AS from_end
                FROM crm_call_answer
            ) answer
            JOIN crm_call call ON call.id = answer.call_id
            """, columns=columns)

    @api.model
    def _report_columns(self):
        """Return what each field is in SQL, over an `answer` and its `call`.

        :rtype: dict[str, SQL]
        """
        lost = SQL("(answer.from_end = 1 AND call.outcome_kind IN ('lost', 'opt_out'))::int")
        return {
            **{name: SQL.identifier('answer', name)
               for name in ('id', 'call_id', 'script_id', 'step_id', 'choice_id')},
            **{name: SQL.identifier('call', name)
               for name in ('partner_id', 'user_id', 'company_id', 'date_start', 'outcome_id',
                            'difficulty_id')},
            'shown': SQL("1"),
            'lost': lost,
            'lost_rate': SQL("100.0 * %s", lost),
        }
