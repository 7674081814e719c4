from odoo import api, fields, models
from odoo.fields import Command


class CrmRequestMerge(models.TransientModel):
    """Choose which of some requests goes on with everything of the others."""

    _name = 'crm.request.merge'
    _description = "Merge Requests"

    request_ids = fields.Many2many(
        'crm.request', string="Requests", default=lambda self: self._default_request_ids(),
        domain=lambda self: self.env['crm.request']._pending_domain())
    survivor_id = fields.Many2one(
        'crm.request', "Goes on", compute='_compute_survivor_id', store=True, precompute=True,
        readonly=False, required=True, domain="[('id', 'in', request_ids)]", ondelete='cascade')
    customers = fields.Char("Different Customers", compute='_compute_customers')

    @api.model
    def _default_request_ids(self):
        if self.env.context.get('active_model') == 'crm.request':
            return [Command.set(self.env.context.get('active_ids', []))]
        return []

    @api.depends('request_ids')
    def _compute_survivor_id(self):
        for wizard in self:
            if wizard.survivor_id not in wizard.request_ids or not wizard.survivor_id:
                wizard.survivor_id = wizard.request_ids._origin.sorted('date_received')[:1]

    @api.depends('request_ids')
    def _compute_customers(self):
        for wizard in self:
            customers = wizard.request_ids.commercial_partner_id
            wizard.customers = len(customers) > 1 and ", ".join(customers.mapped('display_name'))

    def action_merge(self):
        """Merge the requests, and open the one that goes on.

        :raise UserError: if they cannot be merged
        :rtype: dict
        """
        self.ensure_one()
        self.request_ids._merge_into(self.survivor_id)
        return self.survivor_id._get_records_action()
