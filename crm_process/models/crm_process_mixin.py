from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_process_task import STATUSES


class CrmProcessMixin(models.AbstractModel):
    """What a model inherits so that its documents are timed by processes."""

    _name = 'crm.process.mixin'
    _description = "Timed by Processes"

    process_task_ids = fields.One2many(
        'crm.process.task', 'res_id', "Process Tasks", bypass_search_access=True, readonly=True,
        domain=lambda self: [('res_model', '=', self._name)], copy=False,
        groups='base.group_user')
    process_step = fields.Char(
        "In Step", compute='_compute_process', compute_sudo=True, groups='base.group_user')
    process_deadline = fields.Datetime(
        compute='_compute_process', compute_sudo=True,
        search='_search_process_deadline', groups='base.group_user',
        help="The earliest deadline of the steps in which the document stands.")
    process_status = fields.Selection(
        STATUSES, "Timeliness", compute='_compute_process', compute_sudo=True,
        search='_search_process_status', groups='base.group_user')
    process_progress = fields.Float(
        "Share of Norm Used", compute='_compute_process', compute_sudo=True,
        groups='base.group_user',
        help="Percent of the norm that is used, in the step that is closest to its end.")

    def _compute_process(self):
        by_document = self._open_process_tasks()
        none = self.env['crm.process.task']
        for record in self:
            mine = by_document.get(record._origin.id, none)
            statuses = set(mine.mapped('status'))
            record.process_step = ", ".join(mine.step_id.mapped('name'))
            record.process_deadline = min(
                filter(None, mine.mapped('date_deadline')), default=False)
            record.process_status = next(
                (status for status in ('late', 'at_risk', 'on_time') if status in statuses), False)
            record.process_progress = max(mine.mapped('progress'), default=0.0)

    @api.readonly
    def get_process_explanation(self):
        """Tell of each step in which the document stands how its deadline came about.

        :return: ``step``, ``process``, ``status``, ``progress`` (percent of the norm), and the
            ``lines`` of :meth:`crm.process.task.explain`
        :rtype: list[dict]
        :raise AccessError: if the user may not read the document
        """
        self.ensure_one()
        self.check_access('read')
        # sudo: crm.process.task - whoever may read the document may know until when it is due
        tasks_sudo = self.sudo().process_task_ids.filtered(lambda task: not task.date_end)
        labels = dict(tasks_sudo._fields['status']._description_selection(self.env))
        return [{
            'id': task.id,
            'step': task.step_id.name,
            'process': task.process_id.name,
            'status': task.status,
            'status_label': labels[task.status],
            'progress': task.progress,
            'lines': task.explain(),
        } for task in tasks_sudo.sorted('date_ready')]

    def action_view_process(self):
        """Open the steps of the whole cycle: of the document, and of those before and after it.

        :return: the action that opens them
        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_process.crm_process_task_action')
        # sudo: crm.process.run - only which runs belong together; what the user sees is his own
        runs_sudo = self.env['crm.process.run'].sudo().search(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids)])
        return {
            **action,
            'context': {},
            'domain': [('run_id', 'in', runs_sudo._cycle().ids)],
        }

    def _search_process_deadline(self, operator, value):
        return self._search_open_task(Domain('date_deadline', operator, value))

    def _search_process_status(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domains = []
        for status in set(value):
            if not status:
                domains.append(~self._search_open_task(Domain.TRUE))
                continue
            domain = self._search_open_task(Domain('status', '=', status))
            for worse in {'late': [], 'at_risk': ['late'], 'on_time': ['late', 'at_risk']}[status]:
                domain &= ~self._search_open_task(Domain('status', '=', worse))
            domains.append(domain)
        return Domain.OR(domains)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != 'process_status':
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], 'read')
        return self._process_status_sql(alias)

    @api.model
    def _process_status_sql(self, alias):
        """Return the worst timeliness of the open steps of a document, to be grouped by.

        :param str alias: name of the table of the documents in the statement
        :rtype: SQL
        """
        self.env['crm.process']._track_changed()
        # sudo: crm.process.task - whoever may read the document may know whether it is late
        tasks_sudo = self.env['crm.process.task'].sudo()
        tasks_sudo.flush_model(['date_late', 'date_risk', 'date_end', 'res_id'])
        return SQL(
            """ (SELECT CASE MIN(CASE WHEN task.date_late <= %(now)s THEN 0
                                      WHEN task.date_risk <= %(now)s THEN 1 ELSE 2 END)
                        WHEN 0 THEN 'late' WHEN 1 THEN 'at_risk' WHEN 2 THEN 'on_time' END
                   FROM crm_process_task task
                  WHERE task.res_model = %(model)s AND task.res_id = %(document)s
                    AND task.date_end IS NULL) """,
            now=fields.Datetime.now(), model=self._name, document=SQL.identifier(alias, 'id'))

    @api.model
    def _search_open_task(self, domain):
        """Return the documents with an open task that fits `domain`.

        :rtype: Domain
        """
        self.env['crm.process']._track_changed()
        # sudo: crm.process.task - who searches sees no more than documents he may read
        tasks_sudo = self.env['crm.process.task'].sudo()
        return Domain('id', 'in', tasks_sudo._search(
            Domain('res_model', '=', self._name) & tasks_sudo._open_domain() & domain
        ).subselect('res_id'))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._process_changed()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._process_changed(vals)
        return result

    def unlink(self):
        if self._process_watched():
            # sudo: crm.process.run - what is known of a document goes with it
            self.env['crm.process.run'].sudo().search([
                ('res_model', '=', self._name), ('res_id', 'in', self.ids)]).unlink()
        return super().unlink()

    def _compute_field_value(self, field):
        super()._compute_field_value(field)
        if field.store and any(self._ids):
            self.filtered('id')._process_changed(
                [other.name for other in self.pool.field_computed[field]])

    def _open_process_tasks(self):
        """Return the open tasks of the documents; nothing is asked where no process is in force.

        :return: by the document's id
        :rtype: dict[int, crm.process.task]
        """
        self.env['crm.process']._track_changed()
        if not self._process_watched():
            return {}
        tasks = self.env['crm.process.task']
        return tasks.search(
            Domain('res_model', '=', self._name) & Domain('res_id', 'in', self._origin.ids)
            & tasks._open_domain()).grouped('res_id')

    def _process_changed(self, names=None):
        """Remember that documents changed; their runs are moved once, before the commit.

        :param names: the fields that changed; empty: all
        :type names: Iterable[str]
        """
        if self._transient or self._abstract:
            return
        watched = self._process_watched()
        if watched and (names is None or not watched.isdisjoint(names)):
            self.env['crm.process']._remember_changed(self)
        for records in self._process_related(names):
            records._process_changed()

    @api.model
    def _process_watched(self):
        """Return the fields of the model that processes ask for.

        :rtype: frozenset[str]
        """
        return self.env['crm.process']._watched_fields(self._name)

    # What a model may say of itself

    def _process_related(self, names):
        """Return other documents whose steps may depend on a change of these.

        :param names: the fields that changed; empty: all
        :return: recordsets of timed models
        :rtype: list
        """
        return []

    def _process_parents(self):
        """Return from which other document each of these was made, if that one is timed, too.

        :return: a document of a timed model or none, by the document's id
        :rtype: dict[int, models.Model]
        """
        return {}

    @api.model
    def _process_extra_fields(self):
        """Return fields whose change is of interest beyond those the conditions name.

        :rtype: list[str]
        """
        return []

    def _process_companies(self):
        """Return the company of each document.

        :rtype: dict[int, res.company]
        """
        if 'company_id' not in self._fields:
            return dict.fromkeys(self.ids, self.env.company)
        return {record.id: record.company_id or self.env.company for record in self}

    def _process_partners(self):
        """Return the customer of each document, as a commercial entity.

        :rtype: dict[int, res.partner]
        """
        if 'partner_id' not in self._fields:
            return dict.fromkeys(self.ids, self.env['res.partner'])
        return {record.id: record.partner_id.commercial_partner_id for record in self}

    def _process_customer_classes(self):
        """Return the class of the customer of each document: what is learnt is learnt by class.

        :rtype: dict[int, str | bool]
        """
        return {
            record_id: partner and ('company' if partner.is_company else 'person')
            for record_id, partner in self._process_partners().items()}

    def _process_calendars(self):
        """Return the working hours that were agreed with the customer, by document.

        :rtype: dict[int, resource.calendar]
        """
        return {}

    @api.model
    def _process_value_sql(self, alias):
        """Return what a document brings, in the currency of its company, as an expression.

        :param SQL alias: name of the table of the documents in the statement
        :rtype: SQL
        """
        return SQL("0.0")

    def _process_values(self):
        """Return what each document brings, in the currency of its company.

        :rtype: dict[int, float]
        """
        if not self:
            return {}
        self.flush_model()
        return dict(self.env.execute_query(SQL(
            "SELECT document.id, COALESCE(%s, 0) FROM %s document WHERE document.id IN %s",
            self._process_value_sql(SQL("document")), SQL.identifier(self._table), self._ids)))
