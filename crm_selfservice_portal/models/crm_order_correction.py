from odoo import api, fields, models
from odoo.exceptions import UserError

TRANSITIONS = {
    'waiting': {'applied', 'refused', 'withdrawn'},
    'applied': set(),
    'refused': set(),
    'withdrawn': set(),
}


class CrmOrderCorrection(models.Model):
    """What a customer changed in his order, or asked to have changed."""

    _name = 'crm.order.correction'
    _description = "Order Correction"
    _order = 'id DESC'
    _rec_name = 'order_id'

    order_id = fields.Many2one(
        'sale.order', required=True, readonly=True, index=True, ondelete='cascade')
    state = fields.Selection([
        ('waiting', "Waiting for Us"), ('applied', "Applied"), ('refused', "Refused"),
        ('withdrawn', "Withdrawn")], "Status", default='waiting', required=True, readonly=True,
        group_expand=True)
    partner_id = fields.Many2one(
        'res.partner', "Asked by", required=True, readonly=True, ondelete='restrict')
    customer_id = fields.Many2one(
        related='order_id.partner_id.commercial_partner_id', string="Customer")
    order_manager_id = fields.Many2one(related='order_id.order_manager_id')
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    date = fields.Datetime("Asked on", default=fields.Datetime.now, required=True, readonly=True)
    cancels = fields.Boolean("Cancels the Order", readonly=True)
    shipping_from_id = fields.Many2one(
        'res.partner', "Delivery Address Before", readonly=True, ondelete='restrict')
    shipping_to_id = fields.Many2one(
        'res.partner', "Wanted Delivery Address", readonly=True, ondelete='restrict')
    delivery_from = fields.Datetime("Delivery Before", readonly=True)
    delivery_to = fields.Datetime("Wanted Delivery", readonly=True)
    note = fields.Text("Note of the Customer", readonly=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    amount_from = fields.Monetary("Total Before", readonly=True)
    amount_to = fields.Monetary("Total After", readonly=True)
    amount_change = fields.Monetary("Difference", compute='_compute_amount_change')
    decided_by_id = fields.Many2one('res.users', readonly=True, ondelete='restrict')
    decided_at = fields.Datetime("Decided on", readonly=True)
    reason = fields.Text("Reason of the Refusal", readonly=True)
    summary = fields.Text("Changes", compute='_compute_summary', compute_sudo=True)
    line_ids = fields.One2many('crm.order.correction.line', 'correction_id', "Lines", readonly=True)

    _waiting_uniq = models.UniqueIndex(
        "(order_id) WHERE state = 'waiting'",
        "A correction of this order waits already. It is to be decided, or withdrawn, first.")

    @api.depends('amount_from', 'amount_to')
    def _compute_amount_change(self):
        for correction in self:
            correction.amount_change = correction.amount_to - correction.amount_from

    @api.depends('line_ids', 'cancels', 'shipping_to_id', 'delivery_to')
    @api.depends_context('lang', 'tz')
    def _compute_summary(self):
        for correction in self:
            correction.summary = '\n'.join(correction._changes())

    @api.depends('order_id', 'partner_id')
    def _compute_display_name(self):
        for correction in self:
            correction.display_name = self.env._(
                "%(order)s, corrected by %(name)s", order=correction.order_id.name,
                name=correction.partner_id.name or '')

    def write(self, vals):
        if 'state' in vals:
            self._check_transition(vals['state'])
        return super().write(vals)

    def _check_transition(self, state):
        """Refuse to decide a correction twice."""
        for correction in self.filtered(lambda record: state not in TRANSITIONS[record.state]):
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "%(correction)s is %(state)s already. Load the page again.",
                correction=correction.display_name, state=labels[correction.state].lower()))
