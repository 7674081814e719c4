from odoo import api, fields, models

from ..models.crm_representative_role import ROLE_LABELS


class PortalWizardUser(models.TransientModel):
    """Who gives access to the portal says what it allows."""

    _inherit = 'portal.wizard.user'

    role = fields.Selection(
        ROLE_LABELS, "Rights", compute='_compute_rights', store=True, readonly=False,
        compute_sudo=True)
    scope = fields.Selection(
        lambda self: self._scopes(), "Sees", compute='_compute_rights', store=True,
        readonly=False, compute_sudo=True)

    @api.depends('partner_id')
    def _compute_rights(self):
        rights = self._rights_sudo().grouped('partner_id')
        for line in self:
            right_sudo = rights.get(line.partner_id)
            line.role = right_sudo.role if right_sudo else 'full'
            line.scope = right_sudo.scope if right_sudo else 'company'

    def action_grant_access(self):
        action = super().action_grant_access()
        self._set_rights()
        return action

    def action_set_rights(self):
        """Let the representative do what the line says.

        :rtype: dict
        """
        self._set_rights()
        return self.action_refresh_modal()

    def _set_rights(self):
        for line in self:
            right_sudo = line._rights_sudo()
            right_sudo.write({
                **right_sudo._role_values(line.role), 'scope': line.scope or right_sudo.scope})

    def _rights_sudo(self):
        # sudo: crm.representative.right - who gives the access says what it allows
        return self.env['crm.representative.right'].sudo().search(
            [('partner_id', 'in', self.partner_id.ids)])

    @api.model
    def _scopes(self):
        return self.env['crm.representative.right']._fields['scope']._description_selection(
            self.env)
