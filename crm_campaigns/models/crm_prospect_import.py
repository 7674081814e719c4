import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.crm_roles.notification import RELOAD, notify

from ..prospect_columns import fields_of, heading_place
from ..prospect_file import is_workbook

ENCODINGS = [
    (name, name.upper()) for name in (
        'utf-8', 'utf-8-sig', 'utf-16', 'utf-32', 'windows-1252', 'iso-8859-1', 'iso-8859-15',
        'windows-1250', 'iso-8859-2', 'windows-1251', 'koi8-r', 'windows-1253', 'windows-1254',
        'macroman', 'shift_jis', 'gb18030', 'big5')]
SEPARATORS = [(';', "Semicolon"), (',', "Comma"), ('\t', "Tab"), ('|', "Bar")]
# Lines that are shown, and those by which the columns are told.
SHOWN, SAMPLE = 5, 50


class CrmProspectImport(models.Model):
    """A file with people who may become customers: how it is read, and what came of its lines."""

    _name = 'crm.prospect.import'
    _description = "Import of Prospects"
    _order = 'id DESC'
    # So many lines are read at once; more of them are read by the scheduled action.
    _lines_at_once = 2000

    name = fields.Char(
        compute='_compute_name', store=True, precompute=True, readonly=False, required=True)
    state = fields.Selection(
        [('draft', "Columns"), ('reading', "Is Read"), ('open', "Lines")], "Status",
        default='draft', required=True, readonly=True, copy=False)
    file = fields.Binary(required=True, copy=False)
    file_name = fields.Char()
    file_digest = fields.Char(compute='_compute_file_digest', store=True, index='btree_not_null')
    twin_id = fields.Many2one(
        'crm.prospect.import', "Imported Before", compute='_compute_twin_id')
    kind = fields.Selection(
        [('csv', "Text"), ('xlsx', "Workbook"), ('other', "Other")], "Kind of File",
        compute='_compute_kind')
    encoding = fields.Selection(
        ENCODINGS, "Character Set", compute='_compute_format', store=True, readonly=False)
    separator = fields.Selection(
        SEPARATORS, compute='_compute_format', store=True, readonly=False,
        help="What stands between the cells of a line.")
    sheet = fields.Char(compute='_compute_format', store=True, readonly=False)
    sheet_names = fields.Char("Sheets", compute='_compute_sheet_names')
    heading_line = fields.Integer(
        "Line with the Headings", compute='_compute_heading_line', store=True, readonly=False,
        help="The lines above it are left out. 0: there are no headings.")
    column_ids = fields.One2many(
        'crm.prospect.column', 'import_id', "Columns", compute='_compute_column_ids', store=True,
        readonly=False)
    problem = fields.Char("Why It Cannot Be Read", compute='_compute_preview')
    preview = fields.Html("First Lines", compute='_compute_preview', sanitize=False)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    tag_ids = fields.Many2many(
        'res.partner.category', string="Tags", help="Whoever comes from the file gets them.")
    source_id = fields.Many2one('utm.source', ondelete='restrict')
    campaign_id = fields.Many2one(
        'utm.campaign', index='btree_not_null', ondelete='set null',
        help="Who comes from the file becomes a member: of a running campaign at once, of one that "
             "is planned when it starts.")
    row_ids = fields.One2many('crm.prospect.row', 'import_id', "Lines")
    row_count = fields.Integer("Number of Lines", compute='_compute_row_count')
    problem_count = fields.Integer("To Mend", compute='_compute_row_count')
    unclear_count = fields.Integer("To Decide", compute='_compute_row_count')
    ready_count = fields.Integer("To Confirm", compute='_compute_row_count')
    done_count = fields.Integer("Taken Over", compute='_compute_row_count')

    @api.depends('file_name')
    def _compute_name(self):
        for record in self:
            record.name = record.name or record.file_name or self.env._("Prospects")

    @api.depends('file')
    def _compute_file_digest(self):
        for record in self:
            content = record._content()
            record.file_digest = content and hashlib.sha256(content).hexdigest()

    @api.depends('file_digest')
    def _compute_twin_id(self):
        twins = self.search([
            ('file_digest', 'in', [digest for digest in self.mapped('file_digest') if digest]),
            ('state', '!=', 'draft')]).grouped('file_digest')
        for record in self:
            record.twin_id = next((
                twin for twin in twins.get(record.file_digest, ())
                if not record._origin or twin.id < record._origin.id), False)

    @api.depends('file', 'file_name')
    def _compute_kind(self):
        for record in self:
            name = (record.file_name or '').lower()
            record.kind = (
                'other' if name.endswith(('.xls', '.ods'))
                else 'xlsx' if is_workbook(record._content()) else 'csv')

    @api.depends('file')
    def _compute_format(self):
        for record in self:
            record.update(record._guess_format())

    @api.depends('file', 'kind')
    def _compute_sheet_names(self):
        for record in self:
            record.sheet_names = record.kind == 'xlsx' and ", ".join(record._sheet_names())

    @api.depends('file', 'encoding', 'separator', 'sheet')
    def _compute_heading_line(self):
        for record in self:
            lines = record._lines_or_none()[:SAMPLE]
            place = heading_place([line.cells for line in lines])
            record.heading_line = lines[place].number if place is not None else 0

    @api.depends('file', 'encoding', 'separator', 'sheet', 'heading_line')
    def _compute_column_ids(self):
        for record in self:
            record.column_ids = [Command.clear(), *map(
                Command.create, record._prepare_columns())]

    @api.depends('file', 'encoding', 'separator', 'sheet', 'heading_line', 'column_ids.field')
    def _compute_preview(self):
        for record in self:
            record.problem = False
            try:
                record.preview = record._content() and record._preview(record._body())
            except UserError as error:
                record.update({'problem': str(error), 'preview': False})

    @api.depends('row_ids.state')
    def _compute_row_count(self):
        counts = {}
        for record, state, count in self.env['crm.prospect.row']._read_group(
                [('import_id', 'in', self.ids)], ['import_id', 'state'], ['__count']):
            counts.setdefault(record.id, {})[state] = count
        for record in self:
            of_state = counts.get(record._origin.id, {})
            record.row_count = sum(of_state.values())
            for state in ('problem', 'unclear', 'ready', 'done'):
                record[f'{state}_count'] = of_state.get(state, 0)

    @api.constrains('campaign_id')
    def _check_campaign_id(self):
        for record in self:
            if record.campaign_id.state in ('done', 'cancelled'):
                raise ValidationError(self.env._(
                    "%(campaign)s is over: choose a campaign that runs or is planned.",
                    campaign=record.campaign_id.title))

    def action_read(self):
        """Read the lines of the file, so that they can be looked at; nobody is made by this.

        :raise UserError: when the file cannot be read, or no column holds a name or an address
        """
        self.check_access('write')
        for record in self.filtered(lambda record: record.state == 'draft'):
            record._check_columns()
            record.state = 'reading'
            if len(record._body()) <= record._lines_at_once:
                while not record._read_batch():
                    pass
        if self.filtered(lambda record: record.state == 'reading'):
            # sudo: ir.cron - wakes the scheduled action up
            self.env.ref('crm_campaigns.ir_cron_prospects').sudo()._trigger()
            return notify(self.env._("The lines are being read."), RELOAD, 'info')
        return self.action_rows() if len(self) == 1 else True

    def action_take_all(self):
        """Take over all lines with which everything is clear."""
        return self.env['crm.prospect.row'].search(
            [('import_id', 'in', self.ids), ('state', '=', 'ready')]).action_take()

    def action_rows(self):
        """Open the lines of the file; `show` in the context names a filter."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_prospect_row_action')
        shown = self.env.context.get('show')
        return {
            **action, 'display_name': self.env._("Lines of %(file)s", file=self.name),
            'domain': [('import_id', '=', self.id)],
            'context': {f'search_default_{shown}': 1} if shown else {}}

    def _check_columns(self):
        known = set(self.column_ids.mapped('field'))
        if not known & {'name', 'last_name', 'company_name', 'email'}:
            raise UserError(self.env._(
                "%(file)s: say which column holds the name, the company or the mail address.",
                file=self.name))

    def _prepare_columns(self):
        """Return the values of the columns of the file, and what they seem to hold."""
        lines = self._lines_or_none()
        if not lines:
            return []
        headings = next(
            (line.cells for line in lines if line.number == self.heading_line), [])
        rows = [line.cells for line in lines if line.number > self.heading_line][:SAMPLE]
        # Lines that are too long have no say in how many columns there are.
        width = len(headings) or sorted(map(len, rows))[len(rows) // 2] if rows else len(headings)
        headings = [heading[:100] for heading in headings] or [''] * width
        return [
            {'place': place, 'heading': heading, 'field': field, 'example': self._example(
                rows, place)}
            for place, (heading, field) in enumerate(
                zip(headings, fields_of(headings, rows), strict=True))]

    @api.model
    def _example(self, rows, place):
        return ", ".join([
            row[place][:40] for row in rows if len(row) > place and row[place]][:3])

    def _preview(self, lines):
        """Return a table of the first lines, under what is known of their columns."""
        labels = dict(self.env['crm.prospect.column']._fields['field']._description_selection(
            self.env))
        columns = sorted(self.column_ids, key=lambda column: column.place)
        head = Markup().join(
            Markup('<th scope="col">%s</th>') % labels.get(column.field, "") for column in columns)
        body = Markup().join(
            Markup('<tr>%s</tr>') % Markup().join(
                Markup('<td>%s</td>') % cell[:60] for cell in line.cells[:len(columns)])
            for line in lines[:SHOWN])
        return Markup(
            '<div class="table-responsive"><table class="table table-sm"><thead><tr>%s</tr></thead>'
            '<tbody>%s</tbody></table></div>') % (head, body)
