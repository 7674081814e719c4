from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

HOURS = [(f'{hour:02}', f"{hour:02}:00") for hour in range(24)]
WEEKDAYS = [
    ('1', "Monday"), ('2', "Tuesday"), ('3', "Wednesday"), ('4', "Thursday"), ('5', "Friday"),
    ('6', "Saturday"), ('7', "Sunday"),
]


class CrmCall(models.Model):
    """By what calls are counted, and which of their call-backs are still to come."""

    _inherit = 'crm.call'

    hour = fields.Selection(
        HOURS, compute='_compute_hour', store=True, help="By the clock of the caller.")
    weekday = fields.Selection(
        WEEKDAYS, compute='_compute_hour', store=True, help="By the calendar of the caller.")
    script_id = fields.Many2one(
        'crm.call.script', compute='_compute_script_id', store=True, index='btree_not_null',
        ondelete='restrict')
    planned_at = fields.Datetime(
        "Planned For", compute='_compute_planned_at', search='_search_planned_at',
        help="When to call again, unless there was another call since or nothing is left to call "
             "about.")

    @api.depends('date_start', 'user_id')
    def _compute_hour(self):
        for call in self:
            start = call.date_start and fields.Datetime.context_timestamp(
                call.with_context(tz=call.user_id.tz or 'UTC'), call.date_start)
            call.hour = start and f'{start.hour:02}'
            call.weekday = start and str(start.isoweekday())

    @api.depends('answer_ids.script_id')
    def _compute_script_id(self):
        for call in self:
            call.script_id = call.answer_ids.script_id[:1]

    @api.depends('callback_at')
    def _compute_planned_at(self):
        planned = self.filtered_domain(self._planned_domain())
        (self - planned).planned_at = False
        for call in planned:
            call.planned_at = call.callback_at

    def _search_planned_at(self, operator, value):
        if operator not in ('in', '<', '<=', '>', '>='):
            return NotImplemented
        if operator == 'in' and not any(value):
            return ~self._planned_domain()
        return Domain('callback_at', operator, value) & self._planned_domain()

    @api.model
    def _planned_domain(self):
        """Return the domain of the calls after which a call is still to be made.

        About a document of a queue that is the last call, while there is something to call about;
        about another one or none, the last call with the customer that is about the same.

        :rtype: Domain
        """
        last = Domain.OR(
            Domain('res_model', '=', model) & Domain('id', 'in', self._last_calls(model))
            for model in self._queue_models())
        without_queue = Domain('res_id', '=', False) | Domain(
            'res_model', 'not in', self._queue_models())
        alone = without_queue & Domain.custom(to_sql=self._not_replaced)
        return Domain('callback_at', '!=', False) & (last | alone)

    @api.model
    def _last_calls(self, model):
        """Return the last calls about the documents of a model that are still to be called about.

        :rtype: SQL
        """
        # sudo: crm.call.queue.mixin - the rules of the call decide whether it is seen
        documents_sudo = self.env[model].sudo()
        query = documents_sudo._search(
            Domain('call_state', '!=', 'done') & Domain('last_call_id', '!=', False))
        return query.subselect(SQL.identifier(documents_sudo._table, 'last_call_id'))

    @api.model
    def _not_replaced(self, model, alias, query):
        """Tell in SQL that no other call about the same, or nothing in particular, came after."""
        return SQL(
            """
            NOT EXISTS (
                SELECT FROM crm_call later
                WHERE later.partner_id = %(partner)s
                  AND later.res_id IS NOT DISTINCT FROM %(document)s
                  AND later.res_model IS NOT DISTINCT FROM %(model)s
                  AND (later.date_start, later.id) > (%(start)s, %(id)s)
            )
            """,
            partner=SQL.identifier(alias, 'partner_id'),
            document=SQL.identifier(alias, 'res_id'), model=SQL.identifier(alias, 'res_model'),
            start=SQL.identifier(alias, 'date_start'),
            id=SQL.identifier(alias, 'id'))
