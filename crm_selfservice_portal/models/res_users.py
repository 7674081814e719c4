from typing import NamedTuple

from odoo import models
from odoo.tools import ormcache

# What the pages of the portal show of their reader, of his customer and of our company.
READER_FIELDS = ['partner_id', 'company_id', 'active', 'share', 'login']
PARTNER_FIELDS = [
    'name', 'complete_name', 'email', 'email_normalized', 'phone', 'lang', 'tz', 'active', 'type',
    'is_company', 'parent_id', 'commercial_partner_id', 'personal_manager_id', 'user_id']
COMPANY_FIELDS = [
    'name', 'sequence', 'partner_id', 'currency_id', 'resource_calendar_id',
    'account_use_credit_limit']


class PortalCard(NamedTuple):
    """What the card of who looks after a customer tells."""

    name: str
    email: str
    phone: str


class ResUsers(models.Model):
    """Who uses the portal has a contact in the company."""

    _inherit = 'res.users'

    def _portal_contact(self):
        """Return who looks after the user: the personal manager, or else the salesperson.

        :return: an employee, with all rights; nobody for who is not a user of the portal
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: res.users, res.partner - a customer may know who looks after him
        partner_sudo = self.sudo().partner_id
        if not self._is_portal():
            return partner_sudo.user_id.browse()
        company_sudo = partner_sudo.commercial_partner_id
        candidates = (
            partner_sudo.personal_manager_id, company_sudo.personal_manager_id,
            partner_sudo.user_id, company_sudo.user_id)
        return next((user for user in candidates if user._portal_card()), candidates[0].browse())

    def _fetch_for_portal(self):
        """Read at once what the pages show of their reader, his customer and our company.

        Any other field shown costs a statement, as ever.
        """
        self.ensure_one()
        # sudo: res.users, res.partner, res.company - the user may know who he is
        user_sudo = self.sudo()
        user_sudo.fetch(READER_FIELDS)
        user_sudo.env.company.fetch(COMPANY_FIELDS)
        if self._is_portal():
            rights = self._portal_rights()
            user_sudo.partner_id.browse(
                (rights.partner_id, *(rights.customer_ids or ())[:1])).fetch(PARTNER_FIELDS)

    @ormcache('self.id')
    def _portal_card(self):
        """Return what a customer may know of who looks after him, kept in memory until an
        employee gets another name, address or number.

        :return: None for somebody who has left, or who never was an employee
        :rtype: PortalCard | None
        """
        # sudo: res.users, res.partner - a customer may know who looks after him
        user_sudo = self.sudo()
        if not user_sudo.active or user_sudo.share:
            return None
        return PortalCard(
            user_sudo.name, user_sudo.email_normalized or '', user_sudo.phone or '')
