from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmRequestScan(models.TransientModel):
    """Register what came by fax or on paper: each scanned file becomes a request."""

    _name = 'crm.request.scan'
    _description = "Register Scans"

    type_id = fields.Many2one(
        'crm.request.type', required=True, default=lambda self: self._default_type_id(),
        domain="[('company_id', 'in', [False, company_id])]")
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        'res.partner', "Customer", help="Empty: the customer is looked up later on each request.")
    attachment_ids = fields.Many2many('ir.attachment', string="Files")
    as_one = fields.Boolean(
        "One Request for All", help="The files are the pages of one and the same letter.")

    @api.model
    def _default_type_id(self):
        return self.env.ref(
            'crm_service_requests.crm_request_type_order', raise_if_not_found=False)

    def action_register(self):
        """Make the requests and open them.

        :return: the action that opens them
        :rtype: dict
        :raise UserError: if no file was chosen
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose the scanned files before you register them."))
        files = [self.attachment_ids] if self.as_one else list(self.attachment_ids)
        requests = self.env['crm.request'].create([self._request_values(file) for file in files])
        for request, file in zip(requests, files, strict=True):
            request.message_post(attachment_ids=file.ids, subtype_xmlid='mail.mt_note')
        return requests._get_records_action(name=self.env._("Registered Scans"))

    def _request_values(self, files):
        """Return the values of the request for some files.

        :rtype: dict
        """
        return {
            'name': files[0].name.rsplit('.', 1)[0],
            'type_id': self.type_id.id,
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'channel': 'fax',
        }
