from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .crm_partner_relation import KINDS as RELATIONS

KINDS = [
    ('bought', "He bought something"),
    ('date', "A day of his comes round"),
    ('relation', "Somebody related to him bought"),
    ('audience', "He is in an audience"),
]
FIRST_PURCHASE = 'first_purchase'
MOST_RULES = 500


class CrmOfferRule(models.Model):
    """What has to be known of a customer so that he is offered something."""

    _name = 'crm.offer.rule'
    _description = "Offer Rule"
    _inherit = ['mail.thread', 'crm.write.guard']
    _order = 'sequence, id'

    name = fields.Char("Offer", required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, "Because", default='bought', required=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    product_ids = fields.Many2many(
        'product.product', 'crm_offer_rule_product_rel', string="Products Bought")
    category_ids = fields.Many2many(
        'product.category', 'crm_offer_rule_category_rel', string="Categories Bought")
    months = fields.Integer("Months Ago", default=1)
    window_days = fields.Integer(
        "Or up to So Many Days Longer", default=30,
        help="What was bought longer ago is no reason any more.")
    without_product_ids = fields.Many2many(
        'product.product', 'crm_offer_rule_without_product_rel', string="But None of")
    without_category_ids = fields.Many2many(
        'product.category', 'crm_offer_rule_without_category_rel',
        string="But Nothing from the Categories")
    date_source = fields.Selection('_selection_date_source', "Day")
    days_before = fields.Integer("So Many Days before", default=14)
    relation_kind = fields.Selection(RELATIONS, "Relation", help="Empty: any relation.")
    joint = fields.Boolean(
        "Joint Offer",
        help="When he buys, the other one is offered the same once as well; neither is told of "
             "the other.")
    audience_id = fields.Many2one(
        'crm.audience', "Only Customers of", index='btree_not_null', ondelete='restrict')
    offered_product_ids = fields.Many2many(
        'product.product', 'crm_offer_rule_offered_rel', string="Offered Products",
        domain=[('sale_ok', '=', True)])
    discount = fields.Float("Discount (%)", digits='Discount', tracking=True)
    approved_discount = fields.Float(
        "Approved up to (%)", digits='Discount', readonly=True, copy=False, tracking=True)
    approved_by_id = fields.Many2one(
        'res.users', "Approved by", readonly=True, copy=False, index='btree_not_null')
    is_approved = fields.Boolean("Approved", compute='_compute_is_approved', store=True)
    valid_days = fields.Integer("Valid for (Days)", default=30)
    pitch = fields.Text("What to Say", translate=True)
    run_on = fields.Date("Last Looked", readonly=True, copy=False)
    offer_ids = fields.One2many('crm.offer', 'rule_id', "Offers")
    offer_count = fields.Integer("Offers Made", compute='_compute_result')
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount_sales = fields.Monetary("Sales", compute='_compute_result')
    amount_saving = fields.Monetary("Saved by Customers", compute='_compute_result')

    _check_discount = models.Constraint(
        'CHECK(discount >= 0 AND discount <= 100)', "A discount is between 0 and 100 percent.")
    _check_days = models.Constraint(
        'CHECK(months >= 0 AND window_days >= 0 AND days_before >= 0 AND valid_days > 0)',
        "Months and days cannot be below 0, and an offer is valid for one day at least.")

    @api.depends('discount', 'approved_discount')
    def _compute_is_approved(self):
        for rule in self:
            rule.is_approved = rule.discount <= rule.approved_discount

    @api.depends('offer_ids.amount_sales', 'offer_ids.amount_saving')
    @api.depends_context('uid')
    def _compute_result(self):
        results = {
            rule: sums for rule, *sums in self.env['crm.offer']._read_group(
                [('rule_id', 'in', self.ids)], ['rule_id'],
                ['__count', 'amount_sales:sum', 'amount_saving:sum'])}
        for rule in self:
            rule.offer_count, rule.amount_sales, rule.amount_saving = results.get(
                rule._origin, (0, 0.0, 0.0))

    @api.constrains(
        'kind', 'product_ids', 'category_ids', 'date_source', 'audience_id')
    def _check_rule(self):
        for rule in self:
            if problem := rule._problem():
                raise ValidationError(self.env._(
                    "%(rule)s: %(problem)s", rule=rule.name, problem=problem))

    def _problem(self):
        """Return in words what a rule lacks, nothing when it can be followed.

        :rtype: str
        """
        if self.kind in ('bought', 'relation') and not (self.product_ids or self.category_ids):
            return self.env._("choose the products or categories that were bought.")
        if self.kind == 'date' and not self.date_source:
            return self.env._("choose the day that comes round.")
        if self.kind == 'audience' and not self.audience_id:
            return self.env._("choose the audience.")
        return ''

    @api.model
    def _selection_date_source(self):
        """Return the first purchase, and the dates among the properties of customers."""
        # sudo: properties.base.definition - the names of the properties, as the customer shows them
        definition = self.env['properties.base.definition'].sudo(
            )._get_definition_for_property_field('res.partner', 'properties')
        return [
            (FIRST_PURCHASE, self.env._("First purchase")),
            *((entry['name'], entry.get('string') or entry['name'])
              for entry in definition.properties_definition or []
              if entry['type'] in ('date', 'datetime'))]

    @api.model
    def _field_writers(self, name):
        if name in ('approved_discount', 'approved_by_id'):
            return 'crm_roles.group_sales_manager'
        return super()._field_writers(name)

    def action_approve_discount(self):
        """Approve the discounts of the rules as they are.

        :raise UserError: when the user is no sales manager
        """
        if not self.env.user.has_group('crm_roles.group_sales_manager'):
            raise UserError(self.env._("Discounts are approved by sales managers. Ask one."))
        for rule in self:
            rule.write({'approved_discount': rule.discount, 'approved_by_id': self.env.uid})

    def action_find(self):
        """Look now for customers to whom it applies, and show their offers."""
        for rule in self:
            if not rule.is_approved:
                raise UserError(self.env._(
                    "The discount of %(rule)s waits for a sales manager to approve it.",
                    rule=rule.name))
            rule._make_offers()
        return self.action_offers()

    def action_offers(self):
        """Open the offers that were made."""
        action = self.env['ir.actions.act_window']._for_xml_id('crm_campaigns.crm_offer_action')
        return {**action, 'domain': [('rule_id', 'in', self.ids)], 'context': {}}

    @api.model
    def _due_domain(self):
        """Return the domain of the rules that were not followed today.

        :rtype: Domain
        """
        return Domain('is_approved', '=', True) & (
            Domain('run_on', '=', False) | Domain('run_on', '<', 'today'))

    @api.model
    def _cron_make_offers(self):
        """Offer what is to be offered, and end the offers whose time is over."""
        rules = self.search(self._due_domain(), limit=MOST_RULES)
        self.env['ir.cron']._commit_progress(remaining=len(rules))
        for rule in rules:
            rule._make_offers()
            if not self.env['ir.cron']._commit_progress(1):
                return
        self.env['crm.offer']._expire()
