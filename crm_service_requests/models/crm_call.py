from odoo import api, models


class CrmCall(models.Model):
    """A call may be about a request, and be the first answer to it."""

    _inherit = 'crm.call'

    @api.model
    def _selection_document_ref(self):
        return [*super()._selection_document_ref(), (
            'crm.request', self.env['ir.model']._get('crm.request').name)]

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls.filtered('reached')._requests()._mark_answered()
        return calls

    def write(self, vals):
        result = super().write(vals)
        if 'outcome_id' in vals:
            self.filtered('reached')._requests()._mark_answered()
        return result

    def _requests(self):
        """Return the requests the calls are about.

        :rtype: crm.request
        """
        about = self.filtered(lambda call: call.res_model == 'crm.request' and call.res_id)
        return self.env['crm.request'].browse(about.mapped('res_id')).exists()
