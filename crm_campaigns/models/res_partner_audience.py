from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The audiences as a filter on customers."""

    _inherit = 'res.partner'

    audience_id = fields.Many2one(
        'crm.audience', compute='_compute_audience_id', search='_search_audience_id',
        help="To filter customers by. In how many audiences somebody is, is not kept.")

    def _compute_audience_id(self):
        self.audience_id = False

    @api.model
    def _search_audience_id(self, operator, value):
        if operator not in ('in', 'any', 'any!'):
            return NotImplemented
        audiences = self.env['crm.audience']
        if operator == 'in':
            value = Domain('id', 'in', [key for key in value if key])
        found = audiences.search(value)
        return Domain.OR(Domain('id', 'in', audience._query()) for audience in found)
