import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLabelPrint(models.TransientModel):
    """Address labels for customers, for an audience, or for whom a step has reached."""

    _name = 'crm.label.print'
    _description = "Print Address Labels"

    sheet_id = fields.Many2one(
        'crm.label.sheet', required=True, ondelete='cascade',
        default=lambda self: self.env['crm.label.sheet'].search([], limit=1))
    start = fields.Integer(
        "First Label", default=1, required=True,
        help="The first label that is left on the first sheet, row by row.")
    outlines = fields.Boolean(
        "Draw Edges", help="Try it on plain paper first, and hold it against the sheet.")
    partner_ids = fields.Many2many('res.partner', string="Customers")
    audience_id = fields.Many2one('crm.audience', ondelete='cascade', readonly=True)
    step_id = fields.Many2one('crm.campaign.step', ondelete='cascade', readonly=True)
    count = fields.Integer("Labels", compute='_compute_preview')
    left_out_count = fields.Integer("Without an Address", compute='_compute_preview')
    preview = fields.Html("First Sheet", compute='_compute_preview', sanitize=False)
    file = fields.Binary("PDF", readonly=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'res.partner':
            values.setdefault('partner_ids', self.env.context.get('active_ids', []))
        return values

    @api.model
    def _open_for(self, **chosen):
        """Return the action that opens the wizard.

        :param chosen: for whom, e.g. `audience_id`
        :rtype: dict
        """
        return {
            'name': self.env._("Address Labels"),
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'view_mode': 'form',
            'target': 'new',
            'context': {f'default_{name}': value for name, value in chosen.items()},
        }

    @api.depends('sheet_id', 'start', 'partner_ids', 'audience_id', 'step_id')
    def _compute_preview(self):
        for wizard in self:
            chosen = wizard._chosen_partners()
            addressed = chosen._has_postal_address()
            wizard.count = len(addressed)
            wizard.left_out_count = len(chosen) - len(addressed)
            wizard.preview = wizard._is_on_sheet() and wizard.sheet_id._labels_html(
                addressed._postal_order(), wizard._sender(), wizard.start)

    def _chosen_partners(self):
        """Return for whom labels are wanted.

        :rtype: res.partner
        """
        if self.audience_id:
            return self.audience_id._customers()
        if self.step_id:
            return self.step_id.touch_ids.filtered(
                lambda touch: touch.state in ('waiting', 'done')).partner_id
        return self.partner_ids

    def _is_on_sheet(self):
        return 0 < self.start <= self.sheet_id.label_count

    def _sender(self):
        return self.step_id._work_company() if self.step_id else self.env.company

    def action_print(self):
        """Make the labels and download them.

        :raise UserError: when nobody has an address, or the first label is not on the sheet
        """
        self.ensure_one()
        if not self._is_on_sheet():
            raise UserError(self.env._(
                "%(sheet)s has no label %(start)s: choose one on it.",
                sheet=self.sheet_id.name, start=self.start))
        partners = self._chosen_partners()._has_postal_address()
        if not partners:
            raise UserError(self.env._(
                "None of these customers has a postal address: enter street and city first."))
        self.file = base64.b64encode(self.sheet_id._labels_pdf(
            partners._postal_order(), self._sender(), self.start, self.outlines))
        return {
            'type': 'ir.actions.act_url',
            'url': f'/web/content/crm.label.print/{self.id}/file/labels.pdf?download=true',
            'target': 'download',
        }
