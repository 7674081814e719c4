from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmProcessDocument(models.AbstractModel):
    """Something that is known about a document, and is seen by whoever may see the document."""

    _name = 'crm.process.document'
    _description = "About a Document of a Process"

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document", model_field='res_model', required=True)
    res_name = fields.Char("Document Name", compute='_compute_res_name', compute_sudo=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)

    @api.depends('res_model', 'res_id')
    def _compute_res_name(self):
        for model_name, lines in self.grouped('res_model').items():
            documents = self._documents(model_name, lines)
            for line in lines:
                document = documents.get(line.res_id)
                line.res_name = document.display_name if document else False

    @api.depends('res_name')
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.res_name

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._readable_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        allowed = self - result[0] if result else self
        if self.env.su or not any(allowed._ids):
            return result
        # sudo: crm.process.* - only the documents are looked at, by the user's own rights
        readable = self.sudo().search(Domain('id', 'in', allowed.ids) & self._readable_domain())
        if hidden := allowed - readable:
            forbidden = hidden | result[0] if result else hidden
            return forbidden, lambda: self.env['ir.rule']._make_access_error(operation, forbidden)
        return result

    @api.model
    def _readable_domain(self):
        """Return what is about documents that the user may read: one statement, his rules inside.

        :rtype: Domain
        """
        return Domain.OR(
            Domain('res_model', '=', name)
            & Domain.custom(to_sql=partial(self._readable_sql, self.env[name]))
            for name in self.env['crm.process']._process_models()
            if self.env[name].has_access('read'))

    @staticmethod
    def _readable_sql(documents, model, alias, query):
        """Return whether the document of a line is among those that the user may read.

        Each is looked up by its id: a set of all of them would take long to make, and where it is
        too large for the memory be gone through for each line. `OFFSET 0` keeps PostgreSQL from
        making one.

        :rtype: SQL
        """
        readable = documents.with_context(active_test=False)._search([])
        if readable.is_empty():
            return SQL("FALSE")
        readable.add_where(SQL(
            "%s = %s", SQL.identifier(readable.table, 'id'),
            model._field_to_sql(alias, 'res_id', query)))
        return SQL("EXISTS (%s OFFSET 0)", readable.select('1'))

    @api.model
    def _documents(self, model_name, lines):
        """Return the documents of the lines that still exist, by their id.

        :rtype: dict[int, models.Model]
        """
        if model_name not in self.env:
            return {}
        return {
            document.id: document
            for document in self.env[model_name].browse(lines.mapped('res_id')).exists()}

    def action_open_document(self):
        """Open the document.

        :return: the action that opens its form
        :rtype: dict
        """
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
