from odoo import api, fields, models


class CrmProcessRun(models.Model):
    """One document on its way through a process."""

    _name = 'crm.process.run'
    _description = "Process Run"
    _inherit = ['crm.process.document']
    _order = 'date_start desc, id desc'

    process_id = fields.Many2one(
        'crm.process', required=True, index=True, ondelete='restrict', readonly=True)
    state = fields.Selection(
        [('open', "In Progress"), ('done', "Done"), ('cancelled', "Given Up")], "Status",
        default='open', required=True, readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", index='btree_not_null', readonly=True, ondelete='set null')
    customer_class = fields.Char(readonly=True)
    calendar_id = fields.Many2one(
        'resource.calendar', "Working Hours", readonly=True, index='btree_not_null')
    date_start = fields.Datetime("Started", required=True, readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    duration_hours = fields.Float("Working Hours Taken", readonly=True, aggregator='avg')
    value = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    task_ids = fields.One2many('crm.process.task', 'run_id', "Tasks", readonly=True)
    parent_id = fields.Many2one(
        'crm.process.run', "Continues", readonly=True, index='btree_not_null', ondelete='set null',
        help="The run of the document from which this one was made: that of the lead of an order.")
    child_ids = fields.One2many('crm.process.run', 'parent_id', "Continued by", readonly=True)

    _one_open = models.UniqueIndex(
        "(process_id, res_model, res_id) WHERE date_end IS NULL",
        "A document goes through a process once at a time.")
    _document_idx = models.Index("(res_model, res_id)")
    _start_idx = models.Index("(date_start DESC, id DESC)")

    def _assign_calendar(self):
        """Take the hours of the process, of the customer or of the company."""
        for model_name, runs in self.grouped('res_model').items():
            records = self.env[model_name].browse(runs.mapped('res_id'))
            calendars = records._process_calendars()
            for run in runs:
                run.calendar_id = (
                    run.process_id.calendar_id or calendars.get(run.res_id)
                    or run.company_id.resource_calendar_id)

    def _assign_parent(self):
        """Join the runs to those of the documents from which theirs were made."""
        for model_name, runs in self.grouped('res_model').items():
            records = self.env[model_name].browse(runs.mapped('res_id'))
            parents = records._process_parents()
            for parent_model, documents in self._by_model(parents).items():
                latest = dict(self._read_group(
                    [('res_model', '=', parent_model), ('res_id', 'in', documents)],
                    ['res_id'], ['id:max']))
                for run in runs:
                    parent = parents.get(run.res_id)
                    if parent and parent._name == parent_model:
                        run.parent_id = latest.get(parent.id)

    @api.model
    def _by_model(self, documents):
        """Return the ids of documents by their model.

        :param dict documents: a document or none, by any key
        :rtype: dict[str, list[int]]
        """
        found = {}
        for document in filter(None, documents.values()):
            found.setdefault(document._name, []).append(document.id)
        return found

    def _cycle(self):
        """Return the runs with those they continue and those that continue them.

        :rtype: crm.process.run
        """
        cycle = self
        while further := (cycle.parent_id | cycle.child_ids) - cycle:
            cycle |= further
        return cycle

    def _finish(self, state, moment=None):
        """End the runs and the tasks that are open.

        :param str state: ``done`` or ``cancelled``
        :param moment: when; empty: now
        """
        moment = moment or fields.Datetime.now()
        self.task_ids.filtered(lambda task: not task.date_end)._end(
            moment, 'done' if state == 'done' else 'cancelled')
        for model_name, runs in self.grouped('res_model').items():
            values = self.env[model_name].browse(runs.mapped('res_id')).exists()._process_values()
            for run in runs:
                run.write({
                    'state': state,
                    'date_end': moment,
                    'duration_hours': run._clock().hours(run.date_start, moment),
                    'value': values.get(run.res_id, 0.0) if state == 'done' else 0.0,
                })

    def _clock(self):
        """Return the working hours by which the run is measured.

        :rtype: WorkingTime
        """
        return (self.calendar_id or self.company_id.resource_calendar_id)._working_time()
