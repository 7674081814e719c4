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
    file = fields.Binary("PDF", compute='_compute_file')
    problem = fields.Char(compute='_compute_file')

    def _default_partner_id(self):
        """Return somebody who can get it: a member of the step, else any customer."""
        partners = self.env['res.partner']
        step = self.env['crm.campaign.step'].browse(self.env.context.get('default_step_id'))
        posted = CUSTOMERS & Domain('city', '!=', False)
        member = Domain('campaign_member_ids.campaign_id', 'in', step.campaign_id.ids)
        return partners.search(posted & member, limit=1) or partners.search(posted, limit=1)

    @api.depends('template_id', 'partner_id')
    def _compute_file(self):
        for preview in self:
            preview.file, preview.problem = preview._pdf() if preview.partner_id else (False, False)

    def _pdf(self):
        """Return the letter in base64; or why there is none."""
        campaign = self.step_id.campaign_id
        company = self.step_id._work_company() if campaign else self.env.company
        letters, failed = self.template_id._letters(self.partner_id, company, campaign.user_id)
        if failed:
            return False, failed[self.partner_id]
        return base64.b64encode(self.template_id._letters_pdf(letters, company)), False
