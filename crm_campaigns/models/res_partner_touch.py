from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner_offer import SEERS

WITNESSES = f'{SEERS},crm_roles.group_marketing_manager'


class ResPartner(models.Model):
    """Whoever looks after a customer sees what he was given and sent, and adds to it."""

    _inherit = 'res.partner'

    touch_count = fields.Integer("Given and Sent", compute='_compute_touch_count', groups=WITNESSES)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_touch_count(self):
        counts = dict(self.env['crm.campaign.touch']._read_group(
            self.commercial_partner_id._touches_domain(), ['partner_id'], ['__count']))
        for partner in self:
            partner.touch_count = counts.get(partner.commercial_partner_id, 0)

    def action_customer_touches(self):
        """Open what the customer was given and sent."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_campaign_touch_action')
        customer = self.commercial_partner_id
        return {
            **action, 'domain': list(customer._touches_domain()),
            'display_name': self.env._("Given and Sent to %(customer)s", customer=customer.name),
            'context': {'default_partner_id': customer.id}}

    def _touches_domain(self):
        """Return the domain of what customers got.

        :rtype: Domain
        """
        return Domain('partner_id', 'in', self.ids) & Domain('state', '!=', 'skipped')
