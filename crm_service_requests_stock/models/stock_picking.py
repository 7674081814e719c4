from odoo import fields, models


class StockPicking(models.Model):
    """A transfer knows for which request it brings something back."""

    _inherit = 'stock.picking'

    crm_request_id = fields.Many2one(
        'crm.request', "Request", copy=False, readonly=True, index='btree_not_null',
        check_company=True, help="The request of the customer for which it comes back.")

    def _action_done(self):
        result = super()._action_done()
        # sudo: crm.request - the warehouse tells of the arrival, without working on requests
        self.sudo().crm_request_id._note_arrival()
        return result

    def _create_backorder(self, backorder_moves=None):
        backorders = super()._create_backorder(backorder_moves)
        for backorder in backorders:
            backorder.crm_request_id = backorder.backorder_id.crm_request_id
        return backorders
