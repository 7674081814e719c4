import tempfile
from urllib.parse import quote

from odoo import api, fields, models

from ..pdf_join import join


class CrmCampaignPaper(models.Model):
    """Letters or labels of a step as a PDF: some of them while they are made, then all."""

    _name = 'crm.campaign.paper'
    _description = "Letters or Labels to Print"
    _order = 'step_id, first_place, id'
    _rec_name = 'file_name'

    step_id = fields.Many2one(
        'crm.campaign.step', required=True, index=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one(related='step_id.company_id', store=True)
    first_place = fields.Integer("From", readonly=True, aggregator=None)
    count = fields.Integer("Pieces", readonly=True)
    is_whole = fields.Boolean("All of Them", readonly=True)
    file = fields.Binary("PDF", readonly=True)
    file_name = fields.Char(compute='_compute_file_name')

    # Whoever makes the next part: none is kept twice.
    _part_uniq = models.UniqueIndex(
        "(step_id, first_place) WHERE is_whole IS NOT TRUE", "These letters are printed already.")

    @api.depends('step_id.name', 'first_place', 'count', 'is_whole')
    def _compute_file_name(self):
        for paper in self:
            places = '' if paper.is_whole else (
                f' {paper.first_place}-{paper.first_place + paper.count - 1}')
            paper.file_name = f'{paper.step_id.name}{places}.pdf'.replace('/', '-')

    def action_download(self):
        """Download the PDF."""
        self.ensure_one()
        name = quote(self.file_name)
        return {
            'type': 'ir.actions.act_url',
            'url': f'/web/content/{self._name}/{self.id}/file/{name}?download=true',
            'target': 'download',
        }

    @api.model
    def _keep(self, content, **values):
        """Keep a PDF, without it going through base64.

        :param bytes content: the PDF
        :param values: those of the record
        :rtype: crm.campaign.paper
        """
        paper = self.create(values)
        self.env['ir.attachment'].create({
            'name': 'file', 'res_model': self._name, 'res_field': 'file', 'res_id': paper.id,
            'type': 'binary', 'mimetype': 'application/pdf', 'raw': content})
        paper.invalidate_recordset(['file'])
        return paper

    def _contents(self):
        """Yield the PDFs, one at a time."""
        attachments = self.env['ir.attachment'].search([
            ('res_model', '=', self._name), ('res_field', '=', 'file'), ('res_id', 'in', self.ids)])
        by_paper = attachments.grouped('res_id')
        for paper in self:
            yield by_paper[paper.id].raw
            by_paper[paper.id].invalidate_recordset(['raw', 'datas'])

    def _join(self):
        """Make one PDF of the parts, which are dropped then.

        :rtype: crm.campaign.paper
        """
        parts = self.sorted('first_place')
        values = {'step_id': parts.step_id.id, 'first_place': 1, 'is_whole': True,
                  'count': sum(parts.mapped('count'))}
        with tempfile.TemporaryFile() as target:
            join(parts._contents(), target)
            target.seek(0)
            whole = self._keep(target.read(), **values)
        parts.unlink()
        return whole
