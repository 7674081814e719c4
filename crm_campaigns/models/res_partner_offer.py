from odoo import api, fields, models

from .crm_offer import OPEN_STATES

SEERS = 'crm_roles.group_order_reader,crm_roles.group_account_representative'


class ResPartner(models.Model):
    """What a customer is offered, and with whom he has to do."""

    _inherit = 'res.partner'

    offer_count = fields.Integer("Open Offers", compute='_compute_offer_count', groups=SEERS)
    relation_count = fields.Integer("Relations", compute='_compute_relation_count', groups=SEERS)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_offer_count(self):
        counts = dict(self.env['crm.offer']._read_group(
            [('partner_id', 'in', self.commercial_partner_id.ids), ('state', 'in', OPEN_STATES)],
            ['partner_id'], ['__count']))
        for partner in self:
            partner.offer_count = counts.get(partner.commercial_partner_id, 0)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_relation_count(self):
        relations = self.env['crm.partner.relation']
        found = relations.search_fetch(relations._domain_of(self), ['partner_id', 'other_id'])
        for partner in self:
            partner.relation_count = sum(
                partner._origin in (relation.partner_id, relation.other_id) for relation in found)

    def action_customer_offers(self):
        """Open what the customer was offered, and what came of it."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_campaigns.crm_offer_action')
        customer = self.commercial_partner_id
        return {**action, 'domain': [('partner_id', '=', customer.id)],
                'context': {'default_partner_id': customer.id}}

    def action_relations(self):
        """Open with whom the contact has to do."""
        self.ensure_one()
        relations = self.env['crm.partner.relation']
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_partner_relation_action')
        return {**action, 'domain': list(relations._domain_of(self)),
                'context': {'default_partner_id': self.id}}
