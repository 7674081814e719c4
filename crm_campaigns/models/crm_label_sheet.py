from reportlab.lib.units import mm

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..labels import LEADING, Sheet, arrange, baseline, draw

# In millimetres; a sheet of another size is entered by hand.
PAPERS = {'a4': (210.0, 297.0), 'letter': (215.9, 279.4)}
SIZES = ['page_width', 'page_height', 'label_width', 'label_height', 'pitch_x', 'pitch_y']
LENGTHS = [*SIZES, 'columns', 'rows', 'margin_left', 'margin_top', 'padding', 'font_size']


class CrmLabelSheet(models.Model):
    """A sheet of labels as it is bought, with the places of its labels in millimetres."""

    _name = 'crm.label.sheet'
    _description = "Label Sheet"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    paper = fields.Selection(
        [('a4', "A4"), ('letter', "US Letter"), ('other', "Other")], default='a4', required=True)
    page_width = fields.Float(
        compute='_compute_page_size', store=True, readonly=False, precompute=True, digits=(6, 2))
    page_height = fields.Float(
        compute='_compute_page_size', store=True, readonly=False, precompute=True, digits=(6, 2))
    columns = fields.Integer(default=3, required=True)
    rows = fields.Integer(default=7, required=True)
    label_count = fields.Integer("Labels per Sheet", compute='_compute_label_count')
    label_width = fields.Float(required=True, digits=(6, 2))
    label_height = fields.Float(required=True, digits=(6, 2))
    margin_left = fields.Float(
        "Left Margin", digits=(6, 2), help="From the edge of the sheet to the first label.")
    margin_top = fields.Float(
        "Top Margin", digits=(6, 2), help="From the edge of the sheet to the first label.")
    pitch_x = fields.Float(
        "Horizontal Pitch", required=True, digits=(6, 2),
        help="From the left edge of a label to that of the next one in its row.")
    pitch_y = fields.Float(
        "Vertical Pitch", required=True, digits=(6, 2),
        help="From the upper edge of a label to that of the one below.")
    padding = fields.Float(
        default=3.0, digits=(6, 2), help="Room left free inside the edges of a label.")
    font_size = fields.Float(
        default=10.0, digits=(4, 1),
        help="In points. A long address is printed in smaller letters.")

    _check_grid = models.Constraint(
        'CHECK(columns > 0 AND rows > 0 AND label_width > 0 AND label_height > 0)',
        "A sheet has at least one label, and each has a width and a height.")
    _check_inside = models.Constraint(
        'CHECK(margin_left >= 0 AND margin_top >= 0 AND padding >= 0 AND font_size >= 4)',
        "Margins are 0 or more, and letters at least 4 points high.")

    @api.depends('paper')
    def _compute_page_size(self):
        for sheet in self:
            width, height = PAPERS.get(sheet.paper, (sheet.page_width, sheet.page_height))
            sheet.page_width, sheet.page_height = width, height

    @api.depends('columns', 'rows')
    def _compute_label_count(self):
        for sheet in self:
            sheet.label_count = sheet.columns * sheet.rows

    @api.constrains(*LENGTHS)
    def _check_fits(self):
        for sheet in self:
            sheet._check_across(
                sheet.columns, sheet.label_width, sheet.pitch_x, sheet.margin_left,
                sheet.page_width, self.env._("side by side"))
            sheet._check_across(
                sheet.rows, sheet.label_height, sheet.pitch_y, sheet.margin_top,
                sheet.page_height, self.env._("one below the other"))

    def _check_across(self, count, size, pitch, margin, page, how):
        if pitch < size and count > 1:
            raise ValidationError(self.env._(
                "%(sheet)s: labels %(how)s would overlap. The pitch is at least the size of a "
                "label.", sheet=self.name, how=how))
        if margin + (count - 1) * pitch + size > page + 0.01:
            raise ValidationError(self.env._(
                "%(sheet)s: %(count)s labels %(how)s do not fit on a page of %(page)s mm.",
                sheet=self.name, count=count, how=how, page=page))
        if size <= 2 * self.padding:
            raise ValidationError(self.env._(
                "%(sheet)s: the padding leaves no room on a label.", sheet=self.name))

    def _labels_pdf(self, partners, company, start=1, outlines=False):
        """Return labels with the addresses of customers, in the order of these.

        :param res.partner partners: each gets one
        :param res.company company: who sends something to them
        :param int start: the first label that is left on the first sheet
        :param bool outlines: draw the edges of the labels, too
        :rtype: bytes
        """
        return draw(self._sheet(), self._addresses(partners, company), start, outlines)

    def _labels_html(self, partners, company, start=1):
        """Return the first sheet of labels as a picture.

        :param res.partner partners: each gets one
        :param res.company company: who sends something to them
        :param int start: the first label that is left on the sheet
        :rtype: Markup
        """
        sheet = self._sheet()
        addresses = self._addresses(partners[:self.label_count - start + 1], company)
        return self.env['ir.qweb']._render('crm_campaigns.crm_label_preview', {
            'sheet': sheet, 'start': start,
            'places': [sheet.place(number)[1:] for number in range(1, self.label_count + 1)],
            'labels': [{
                'left': left + sheet.padding, 'top': baseline(sheet, top, size, lines),
                'size': size / mm, 'lines': lines, 'leading': LEADING * size / mm,
            } for _page, left, top, size, lines in arrange(sheet, addresses, start)]})

    def _sheet(self):
        self.ensure_one()
        return Sheet(**{name: self[name] for name in LENGTHS})

    def _addresses(self, partners, company):
        for partner in partners.with_context(lang=company.partner_id.lang):
            yield partner._postal_lines(company)
