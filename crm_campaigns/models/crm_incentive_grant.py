from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class CrmIncentiveGrant(models.Model):
    """What a customer was granted, when and why; and when it was taken back."""

    _name = 'crm.incentive.grant'
    _description = "Granted Incentive"
    _order = 'date DESC, id DESC'
    _rec_name = 'rule_id'

    rule_id = fields.Many2one(
        'crm.incentive.rule', "Incentive", required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(related='rule_id.company_id', store=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, index=True, ondelete='cascade')
    state = fields.Selection(
        [('granted', "Granted"), ('withdrawn', "Taken Back")], "Status", default='granted',
        required=True)
    date = fields.Date("Granted on", default=fields.Date.context_today, required=True)
    date_withdrawn = fields.Date("Taken Back on")
    period_start = fields.Date("Period from", help="Empty: it is granted once.")
    reward = fields.Selection(
        lambda self: self.env['crm.incentive.rule']._fields['reward']._description_selection(
            self.env), required=True)
    pricelist_id = fields.Many2one('product.pricelist', "Prices", ondelete='set null')
    previous_pricelist_id = fields.Many2one(
        'product.pricelist', "Prices Before", ondelete='set null')
    tag_id = fields.Many2one('res.partner.category', ondelete='set null')
    had_before = fields.Boolean(help="He had it before, so it is never taken back.")
    evidence = fields.Text("Because", help="What was known of him when it was granted.")

    _period_uniq = models.UniqueIndex(
        "(rule_id, partner_id, COALESCE(period_start, '1900-01-01'))",
        "A customer gets an incentive once in each period.")
    _open_idx = models.Index("(rule_id, partner_id) WHERE state = 'granted'")

    def action_withdraw(self):
        """Take back what was granted.

        :raise UserError: when it was taken back before
        :raise AccessError: when the user is no sales manager
        """
        self.check_access('read')
        if gone := self.filtered(lambda grant: grant.state == 'withdrawn')[:1]:
            raise UserError(self.env._(
                "%(incentive)s was taken back from %(customer)s already.",
                incentive=gone.rule_id.name, customer=gone.partner_id.display_name))
        # sudo: crm.incentive.grant - sales managers take back, and change no grant by hand
        self.sudo()._withdraw()

    def _give(self):
        """Give the customers what they were granted; for other rewards to add to."""
        for rule, grants in self.grouped('rule_id').items():
            of_company = grants.with_company(rule.company_id)
            of_company.filtered('pricelist_id')._give_pricelists()
            of_company.filtered('tag_id')._give_tags()

    def _give_pricelists(self):
        for grant in self:
            before = grant.partner_id.specific_property_product_pricelist
            grant.previous_pricelist_id = before
            grant.had_before = before == grant.pricelist_id
        for pricelist, grants in self.grouped('pricelist_id').items():
            grants.partner_id.specific_property_product_pricelist = pricelist

    def _give_tags(self):
        for grant in self:
            grant.had_before = grant.tag_id in grant.partner_id.category_id
        for tag, grants in self.grouped('tag_id').items():
            grants.partner_id.category_id = [Command.link(tag.id)]

    def _withdraw(self):
        """Take back from the customers what they were granted, unless they have it otherwise."""
        self.write({'state': 'withdrawn', 'date_withdrawn': fields.Date.context_today(self)})
        for rule, grants in self.grouped('rule_id').items():
            of_company = grants.with_company(rule.company_id)
            of_company._without_others('pricelist_id')._take_pricelists()
            of_company._without_others('tag_id')._take_tags()

    def _without_others(self, name):
        """Return the grants whose customers have what was granted for no other reason.

        :param str name: the field of what was granted
        :rtype: crm.incentive.grant
        """
        given = self.filtered(lambda grant: grant[name] and not grant.had_before)
        others = self.search(
            Domain('state', '=', 'granted') & Domain('partner_id', 'in', given.partner_id.ids)
            & Domain(name, 'in', given[name].ids))
        held = {(other.partner_id, other[name]) for other in others}
        return given.filtered(lambda grant: (grant.partner_id, grant[name]) not in held)

    def _take_pricelists(self):
        """Give the prices back that the customers had before, unless somebody changed them."""
        kept = self.filtered(
            lambda grant: grant.partner_id.specific_property_product_pricelist
            == grant.pricelist_id)
        for before, grants in kept.grouped('previous_pricelist_id').items():
            grants.partner_id.specific_property_product_pricelist = before

    def _take_tags(self):
        for tag, grants in self.grouped('tag_id').items():
            grants.partner_id.category_id = [Command.unlink(tag.id)]
