from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

from .crm_offer_rule import KINDS

TRANSITIONS = {
    'new': {'offered', 'accepted', 'won', 'declined', 'expired'},
    'offered': {'new', 'accepted', 'won', 'declined', 'expired'},
    'accepted': {'offered', 'won', 'declined'},
    'won': {'offered'},
    'declined': {'offered', 'accepted', 'won'},
    'expired': {'new', 'offered', 'won'},
}
WAITING_STATES = ('new', 'offered')
OPEN_STATES = (*WAITING_STATES, 'accepted')
EXPIRED_AT_ONCE = 1000
SEERS = 'crm_roles.group_marketing_manager,crm_roles.group_sales_manager'


class CrmOffer(models.Model):
    """What a customer is offered, and what of him is the reason."""

    _name = 'crm.offer'
    _description = "Offer to a Customer"
    _order = 'date DESC, id DESC'

    rule_id = fields.Many2one(
        'crm.offer.rule', "Offer", required=True, index=True, ondelete='restrict')
    kind = fields.Selection(
        KINDS, "Because", compute='_compute_kind', store=True, precompute=True, required=True)
    state = fields.Selection(
        [
            ('new', "To Offer"),
            ('offered', "Offered"),
            ('accepted', "Accepted"),
            ('won', "Bought"),
            ('declined', "Declined"),
            ('expired', "Expired"),
        ], "Status", default='new', required=True, index=True, copy=False, group_expand=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one(related='partner_id.user_id', string="Salesperson")
    personal_manager_id = fields.Many2one(related='partner_id.personal_manager_id')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    date = fields.Date(default=fields.Date.context_today, required=True)
    date_end = fields.Date("Valid until")
    discount = fields.Float("Discount (%)", digits='Discount', readonly=True)
    pitch = fields.Text(related='rule_id.pitch')
    evidence = fields.Char("Why", compute='_compute_evidence')
    evidence_product_id = fields.Many2one(
        'product.product', "Product of the Reason", readonly=True, index='btree_not_null',
        ondelete='set null')
    evidence_date = fields.Date("Day of the Reason", readonly=True)
    evidence_partner_id = fields.Many2one(
        'res.partner', "Related Customer", readonly=True, groups=SEERS, index='btree_not_null',
        ondelete='set null')
    evidence_label = fields.Char("Reason", readonly=True)
    joint_offer_id = fields.Many2one(
        'crm.offer', "Joint with", readonly=True, groups=SEERS, index='btree_not_null',
        ondelete='set null')
    currency_id = fields.Many2one(related='company_id.currency_id')
    order_ids = fields.One2many('sale.order', 'offer_id', "Orders")
    amount_sales = fields.Monetary(
        "Sales", compute='_compute_amounts', store=True,
        help="What was ordered with the offer, without taxes.")
    amount_saving = fields.Monetary(
        "Saved by the Customer", compute='_compute_amounts', store=True,
        help="What he would have paid more without it, without taxes.")

    # Once for each customer and reason; and between two customers only once.
    _reason_uniq = models.UniqueIndex(
        "(rule_id, partner_id, COALESCE(evidence_product_id, 0),"
        " COALESCE(evidence_date, '0001-01-01'::date)) WHERE evidence_partner_id IS NULL",
        "This was offered to the customer already, for the same reason.")
    _related_uniq = models.UniqueIndex(
        "(rule_id, partner_id, evidence_partner_id) WHERE evidence_partner_id IS NOT NULL",
        "This was offered to the customer already, because of the same other one.")
    _waiting_idx = models.Index("(date_end) WHERE state IN ('new', 'offered')")

    @api.depends('rule_id')
    def _compute_kind(self):
        for offer in self:
            offer.kind = offer.rule_id.kind

    @api.depends('rule_id', 'partner_id')
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = f'{offer.rule_id.name}: {offer.partner_id.display_name}'

    @api.depends(
        'kind', 'evidence_product_id', 'evidence_date', 'evidence_label', 'joint_offer_id')
    @api.depends_context('lang')
    def _compute_evidence(self):
        for offer in self:
            offer.evidence = offer._evidence()

    def _evidence(self):
        """Return the reason in words; the other customer is not named."""
        known = {
            'product': self.evidence_product_id.display_name or self.env._("something"),
            'date': format_date(self.env, self.evidence_date) if self.evidence_date else '',
            'label': self.evidence_label or ''}
        # sudo: crm.offer - whether it is joint is no secret, with whom is
        if self.sudo().joint_offer_id:
            return self.env._(
                "because somebody related to him used this offer on %(date)s", **known)
        if self.kind == 'bought':
            return self.env._("because he bought %(product)s on %(date)s", **known)
        if self.kind == 'relation':
            return self.env._(
                "because somebody related to him bought %(product)s on %(date)s", **known)
        if self.kind == 'date':
            return self.env._("because of %(label)s on %(date)s", **known)
        return self.env._("because he is in the audience %(label)s", **known)

    @api.depends(
        'order_ids.state', 'order_ids.amount_untaxed', 'order_ids.currency_rate',
        'order_ids.order_line.discount', 'order_ids.order_line.price_subtotal')
    def _compute_amounts(self):
        for offer in self:
            sold = offer.order_ids.filtered(lambda order: order.state == 'sale')
            offer.amount_sales = offer.currency_id.round(sum(
                order.amount_untaxed / (order.currency_rate or 1.0) for order in sold))
            offer.amount_saving = offer.currency_id.round(sum(
                line._offer_saving() / (line.order_id.currency_rate or 1.0)
                for line in sold.order_line))

    def write(self, vals):
        if 'state' in vals:
            for offer in self:
                if vals['state'] not in TRANSITIONS[offer.state] | {offer.state}:
                    labels = dict(self._fields['state']._description_selection(self.env))
                    raise UserError(self.env._(
                        "%(offer)s is %(state)s and cannot become %(next)s.",
                        offer=offer.display_name, state=labels[offer.state].lower(),
                        next=labels[vals['state']].lower()))
        return super().write(vals)

    def action_offered(self):
        """Note that the customer was told of it."""
        self.write({'state': 'offered'})

    def action_decline(self):
        """Note that the customer does not want it."""
        self.write({'state': 'declined'})

    def action_accept(self):
        """Make the quotation with the discount, and open it.

        :raise UserError: when it was accepted before
        :raise AccessError: when the user may not make quotations
        """
        self.ensure_one()
        if self.order_ids.filtered(lambda order: order.state != 'cancel'):
            raise UserError(self.env._(
                "%(offer)s has a quotation already: open it there.", offer=self.display_name))
        # That another order was cancelled has to be known to the database first.
        self.order_ids.flush_recordset(['state'])
        order = self.env['sale.order'].with_company(self.company_id).create(
            self._prepare_order_values())
        self.state = 'accepted'
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'sale.order',
            'res_id': order.id,
            'view_mode': 'form',
        }

    def action_orders(self):
        """Open the quotations and orders with the offer."""
        self.ensure_one()
        return {
            'name': self.env._("Orders with the Offer"),
            'type': 'ir.actions.act_window',
            'res_model': 'sale.order',
            'view_mode': 'list,form',
            'domain': [('offer_id', '=', self.id)],
        }

    def _prepare_order_values(self):
        """Return the values of the quotation; it does not tell the customer of anybody else."""
        return {
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'offer_id': self.id,
            'validity_date': self.date_end if self.state in WAITING_STATES else False,
            'order_line': [
                Command.create({'product_id': product.id, 'discount': self.discount})
                for product in self.rule_id.offered_product_ids] + [
                Command.create({'display_type': 'line_note', 'name': self.rule_id.name})],
        }

    def _take_won(self):
        """Note that the customer has bought, and offer the same to whom it is joint with."""
        self.state = 'won'
        joint = self.filtered(lambda offer: offer.rule_id.joint and offer.evidence_partner_id)
        joint._offer_the_other()

    def _take_back(self):
        """Note that the customer has not bought after all."""
        self.filtered(lambda offer: offer.state in ('accepted', 'won')).state = 'offered'
        self.search([
            ('joint_offer_id', 'in', self.ids), ('state', 'in', WAITING_STATES),
        ]).state = 'expired'

    def _offer_the_other(self):
        """Offer the same once to the other customers; what was taken back is offered again."""
        again = self.search([('joint_offer_id', 'in', self.ids), ('state', '=', 'expired')])
        again.state = 'new'
        today = fields.Date.context_today(self)
        for offer in self:
            rule = offer.rule_id
            self.env.cr.execute(SQL(
                """
                INSERT INTO crm_offer (
                    rule_id, kind, company_id, partner_id, evidence_date, evidence_partner_id,
                    joint_offer_id, discount, state, date, date_end, amount_sales, amount_saving,
                    create_uid, create_date, write_uid, write_date)
                VALUES (%(rule)s, %(kind)s, %(company)s, %(other)s, %(today)s, %(partner)s,
                    %(offer)s, %(discount)s, 'new', %(today)s, %(end)s, 0, 0,
                    %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT DO NOTHING
                """,
                rule=rule.id, kind=rule.kind, company=offer.company_id.id,
                other=offer.evidence_partner_id.id, partner=offer.partner_id.id, offer=offer.id,
                discount=offer.discount, today=today,
                end=fields.Date.add(today, days=rule.valid_days), uid=self.env.uid,
                now=self.env.cr.now()))
        self.invalidate_model()

    @api.model
    def _late_domain(self):
        """Return the domain of the offers whose time is over.

        :rtype: Domain
        """
        return Domain('state', 'in', WAITING_STATES) & Domain('date_end', '<', 'today')

    @api.model
    def _expire(self):
        """End the offers whose time is over, some at once."""
        while late := self.search(self._late_domain(), limit=EXPIRED_AT_ONCE, order='id'):
            late.state = 'expired'
            if not self.env['ir.cron']._commit_progress(len(late)):
                return
