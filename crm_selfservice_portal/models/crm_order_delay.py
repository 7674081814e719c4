from odoo import api, fields, models

REMEDIES = [
    ('wait', "Wait for the New Date"),
    ('split', "Deliver What Is There"),
    ('swap', "Take Something Else"),
    ('cancel', "Cancel the Rest"),
]


class CrmOrderDelay(models.Model):
    """A promise that will not be kept: what the customer was told, and what he has chosen."""

    _name = 'crm.order.delay'
    _description = "Late Delivery"
    _order = 'id DESC'
    _rec_name = 'order_id'

    order_id = fields.Many2one(
        'sale.order', required=True, readonly=True, index=True, ondelete='cascade')
    partner_id = fields.Many2one(
        related='order_id.partner_id', store=True, index=True, string="Customer")
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    date_promised = fields.Datetime("Promised for", required=True, readonly=True)
    date_expected = fields.Datetime(
        "Expected on", readonly=True, help="Empty: nobody knows when it will arrive.")
    date_noticed = fields.Datetime("Noticed on", required=True, readonly=True)
    mailed = fields.Boolean(
        "Told by Mail", readonly=True,
        help="Who has no address is called by the manager of the order.")
    remedy = fields.Selection(REMEDIES, "Choice", readonly=True)
    date_chosen = fields.Datetime("Chosen on", readonly=True)
    chosen_by_id = fields.Many2one('res.users', readonly=True, ondelete='restrict')
    note = fields.Char("In His Words", readonly=True)
    request_id = fields.Many2one(
        'crm.request', readonly=True, ondelete='set null', index='btree_not_null')

    _promise_uniq = models.UniqueIndex(
        '(order_id, date_promised)', "Of each promise of an order its customer is told once.")

    @api.model
    def _remedy_labels(self):
        """Return what the choices of a customer are called, and what each of them means.

        :rtype: dict[str, tuple[str, str]]
        """
        return {
            'wait': (self.env._("I wait"), self.env._(
                "Deliver everything as soon as it is there.")),
            'split': (self.env._("Deliver what is there"), self.env._(
                "Send now what you have, and the rest later.")),
            'swap': (self.env._("I take something else"), self.env._(
                "Say below what would do, or let us propose something.")),
            'cancel': (self.env._("Cancel the rest"), self.env._(
                "Do not deliver any more what is not on its way yet.")),
        }
