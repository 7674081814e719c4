import base64

from odoo import api, fields, models
from odoo.fields import Domain

from ..models.crm_audience import CUSTOMERS


class CrmLetterPreview(models.TransientModel):
    """A letter as one customer gets it."""

    _name = 'crm.letter.preview'
    _description = "Preview of a Letter"

    template_id = fields.Many2one(
        'crm.letter.template', "Letter", required=True, ondelete='cascade', readonly=True)
    step_id = fields.Many2one('crm.campaign.step', ondelete='cascade', readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, ondelete='cascade',
        default=lambda self: self._default_partner_id())
    html = fields.Html("Letter as It Is Sent", compute='_compute_html', sanitize=False)
    problem = fields.Char(compute='_compute_html')
    file = fields.Binary("PDF", readonly=True)

    def _default_partner_id(self):
        """Return somebody who can get it: a member of the step, else any customer."""
        partners = self.env['res.partner']
        step = self.env['crm.campaign.step'].browse(self.env.context.get('default_step_id'))
        posted = CUSTOMERS & Domain('city', '!=', False)
        member = Domain('campaign_member_ids.campaign_id', 'in', step.campaign_id.ids)
        return partners.search(posted & member, limit=1) or partners.search(posted, limit=1)

    @api.depends('template_id', 'partner_id')
    def _compute_html(self):
        self.html = self.problem = False
        for preview in self.filtered('partner_id'):
            letters, failed = preview._letter()
            preview.problem = failed.get(preview.partner_id._origin)
            preview.html = letters and preview.template_id._letters_html(
                letters, preview._sender())

    def _sender(self):
        return self.step_id._work_company() if self.step_id else self.env.company

    def _letter(self):
        """Return the letter to the customer, or why there is none; see `_letters`."""
        return self.template_id._letters(
            self.partner_id._origin, self._sender(), self.step_id.campaign_id.user_id)

    def action_download(self):
        """Make a PDF of this one letter and download it."""
        self.ensure_one()
        letters, _failed = self._letter()
        self.file = base64.b64encode(self.template_id._letters_pdf(letters, self._sender()))
        return {
            'type': 'ir.actions.act_url',
            'url': f'/web/content/crm.letter.preview/{self.id}/file/letter.pdf?download=true',
            'target': 'download',
        }
