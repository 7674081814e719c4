from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context


class CrmRequestSplit(models.TransientModel):
    """Make a part of a request a request of its own."""

    _name = 'crm.request.split'
    _description = "Split a Request"

    request_id = fields.Many2one('crm.request', required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id')
    type_id = fields.Many2one(
        'crm.request.type', required=True, ondelete='cascade',
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]")
    name = fields.Char("Subject", required=True)
    message_ids = fields.Many2many(
        'mail.message', string="Messages",
        domain="[('model', '=', 'crm.request'), ('res_id', '=', request_id), "
               "('message_type', 'in', ['comment', 'email'])]")
    description = fields.Html(
        "Text", compute='_compute_description', store=True, precompute=True, readonly=False)
    attachment_ids = fields.Many2many(
        'ir.attachment', string="Attachments", compute='_compute_attachment_ids', store=True,
        precompute=True, readonly=False, bypass_search_access=True,
        domain="[('res_model', '=', 'crm.request'), ('res_id', '=', request_id)]")

    @api.depends('message_ids')
    def _compute_description(self):
        for wizard in self:
            if wizard.message_ids:
                wizard.description = self.env['ir.qweb']._render(
                    'crm_service_requests.request_split_text',
                    {'messages': wizard.message_ids.sorted('id')})

    @api.depends('message_ids')
    def _compute_attachment_ids(self):
        for wizard in self:
            wizard.attachment_ids |= wizard.message_ids.attachment_ids

    def action_split(self):
        """Make the new request, and open it.

        :raise UserError: if nothing says what it is about
        :rtype: dict
        """
        self.ensure_one()
        if not self.description:
            raise UserError(self.env._(
                "Choose messages of %(request)s, or say in your words what the new request is "
                "about.", request=self.request_id.display_name))
        # What the wizard is opened with is no value of the new request.
        request = self.request_id.with_context(clean_context(self.env.context))
        new = request._split(
            {'type_id': self.type_id.id, 'name': self.name, 'description': self.description},
            self.attachment_ids)
        return new._get_records_action()
