from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import ormcache

from .crm_representative_right import SEEN_BY, TECHNICAL_KINDS


class PortalRights(NamedTuple):
    """What a user of the portal may do, and for whom."""

    partner_id: int
    names: frozenset = frozenset()
    # None when he sees what is in his own name only.
    customer_ids: tuple | None = None


class ResUsers(models.Model):
    """Who uses the portal may do there what the rights of his contact say."""

    _inherit = 'res.users'

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env['crm.representative.right']._ensure(users)
        return users

    def write(self, vals):
        result = super().write(vals)
        if {'group_ids', 'active', 'partner_id'} & vals.keys():
            self.env['crm.representative.right']._ensure(self)
        if 'partner_id' in vals:
            self.env.registry.clear_cache()
        return result

    def _has_portal_right(self, right):
        """Return whether the user may do something in the portal.

        :param str right: one of `RIGHTS`
        :return: always true for an employee, whose own rights decide
        :rtype: bool
        """
        self.ensure_one()
        return not self._is_portal() or right in self._portal_rights().names

    def _check_portal_right(self, right):
        """Refuse who has not the right, see `_has_portal_right`.

        :raise AccessError: answered with status 403
        """
        if not self._has_portal_right(right):
            raise AccessError(self.env._(
                "Your access to the portal does not allow this. Ask who administers it in your "
                "company, or your contact here."))

    @ormcache('self.id')
    def _portal_rights(self):
        """Return the rights of a user of the portal, kept in memory until some right changes.

        :rtype: PortalRights
        """
        # sudo: res.users - everybody may know what he may do
        partner_sudo = self.sudo().partner_id
        # sudo: crm.representative.right - the same
        right_sudo = self.env['crm.representative.right'].sudo().search(
            [('partner_id', '=', partner_sudo.id)])
        if not right_sudo:
            return PortalRights(partner_sudo.id)
        return PortalRights(
            partner_sudo.id, right_sudo._names(),
            None if right_sudo.scope == 'own' else tuple(right_sudo._customers().ids))

    def _portal_domain(self, area, path=''):
        """Return which documents of an area the user may see in the portal; all for employees.

        :param str area: a key of `SEEN_BY`
        :param str path: the field that leads to the document, for a line of it
        :rtype: Domain
        """
        self.ensure_one()
        if not self._is_portal():
            return Domain.TRUE
        rights = self._portal_rights()
        if not rights.names & SEEN_BY[area]:
            return Domain.FALSE
        domain = getattr(self, f'_portal_{area}_domain')(rights)
        return Domain(path, 'any', domain) if path else domain

    def _portal_order_domain(self, rights):
        if rights.customer_ids is None:
            return Domain('partner_id', '=', rights.partner_id)
        return Domain('commercial_partner_id', 'in', rights.customer_ids)

    def _portal_bill_domain(self, rights):
        return self._portal_order_domain(rights) & (
            Domain('state', 'not in', ['cancel', 'draft'])
            & Domain('move_type', 'in', ['out_invoice', 'out_refund', 'in_invoice', 'in_refund']))

    def _portal_request_domain(self, rights):
        if rights.customer_ids is None:
            seen = Domain('partner_id', '=', rights.partner_id) | Domain(
                'assigned_partner_id', '=', rights.partner_id)
        else:
            seen = Domain('commercial_partner_id', 'in', rights.customer_ids) | Domain(
                'assigned_company_id', 'in', rights.customer_ids)
        if rights.names & {'view', 'request'}:
            return seen
        return seen & Domain('kind', 'in', TECHNICAL_KINDS)
