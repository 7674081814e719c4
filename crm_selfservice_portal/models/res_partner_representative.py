from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

SEEN_BY = 'crm_roles.group_service_representative,crm_roles.group_account_representative'
# What may make a contact one of another company.
PLACE = {'parent_id', 'is_company', 'company_type'}


class ResPartner(models.Model):
    """A customer has representatives; one who leaves it leaves what he could do there."""

    _inherit = 'res.partner'

    representative_ids = fields.One2many(
        'crm.representative.right', 'commercial_partner_id', "Representatives", groups=SEEN_BY)
    representative_count = fields.Integer(
        "Number of Representatives", compute='_compute_representative_count', groups=SEEN_BY)

    def _compute_representative_count(self):
        rights = self.env['crm.representative.right'].search(Domain.OR([
            Domain('partner_id', 'in', self.ids), Domain('commercial_partner_id', 'in', self.ids)]))
        counts = Counter(
            partner for right in rights
            for partner in right.partner_id | right.commercial_partner_id)
        for partner in self:
            partner.representative_count = counts[partner._origin]

    def write(self, vals):
        if not PLACE & vals.keys():
            return super().write(vals)
        # sudo: crm.representative.right - rights are taken by the move, whoever moves the contact
        rights_sudo = self.env['crm.representative.right'].sudo().search(
            [('partner_id', 'child_of', self.ids)])
        homes = {right: right.commercial_partner_id for right in rights_sudo}
        result = super().write(vals)
        # Who had no company but himself brings his rights into his first one.
        rights_sudo.filtered(
            lambda right: homes[right] not in
            (right.partner_id, right.partner_id.commercial_partner_id))._leave()
        return result

    def action_representatives(self):
        """Open the rights of who represents the customer in the portal.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_selfservice_portal.crm_representative_right_action')
        action['domain'] = list(self._representatives_domain())
        rights = self.env['crm.representative.right'].search(self._representatives_domain())
        if len(rights) == 1:
            action.update(views=[(False, 'form')], res_id=rights.id)
        return action

    def action_representative_acts(self):
        """Open what the representatives of the customer did in the portal.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_selfservice_portal.crm_representative_act_action')
        action['domain'] = list(self._representatives_domain())
        return action

    @api.model
    def _merge_rights(self, partners):
        """Keep the rights of one of several contacts that become one: of who uses the portal.

        :param partners: the contacts, `res.partner`
        """
        # sudo: crm.representative.right - who merges contacts need not read rights
        rights_sudo = self.env['crm.representative.right'].sudo().search(
            [('partner_id', 'in', partners.ids)])
        kept = rights_sudo.sorted(
            lambda right: (right.access_state == 'revoked', right.id))[:1]
        (rights_sudo - kept).unlink()

    def _representatives_domain(self):
        self.ensure_one()
        return Domain('partner_id', '=', self.id) | Domain('commercial_partner_id', '=', self.id)
