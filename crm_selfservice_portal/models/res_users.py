from odoo import models


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
        return next(
            (user for user in candidates if user.active and not user.share),
            partner_sudo.user_id.browse())
