from odoo import api, fields, models
from odoo.fields import Domain

STATES = [
    ('invited', "Invited"), ('active', "Active"), ('revoked', "No Access"),
]


class CrmRepresentativeRight(models.Model):
    """Whether a representative can use his rights: rights stay when the access is taken away."""

    _inherit = 'crm.representative.right'

    access_state = fields.Selection(
        STATES, "Access", compute='_compute_access', search='_search_access_state',
        compute_sudo=True, groups='base.group_user',
        help="Customers are told of an invitation that waits as of one that was sent.")
    date_login = fields.Datetime("Last Seen", compute='_compute_access', compute_sudo=True)

    @api.depends('partner_id.user_ids.active')
    def _compute_access(self):
        # sudo: res.users - whether a colleague has access is no secret in his company
        users_sudo = self.env['res.users'].sudo().with_context(active_test=False).search(
            [('partner_id', 'in', self.partner_id.ids)])
        users = users_sudo.grouped('partner_id')
        for right in self:
            found_sudo = users.get(right.partner_id, users_sudo.browse())
            right.date_login = max(found_sudo.filtered('login_date').mapped('login_date'),
                                   default=False)
            right.access_state = right._access_state_of(found_sudo.filtered('active'))

    def _access_state_of(self, users_sudo):
        if not users_sudo:
            return 'revoked'
        return 'active' if self.date_login else 'invited'

    def _search_access_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if not self.env.su and not self.env.user._is_internal():
            return Domain.FALSE
        return Domain.OR(self._access_domains()[state] for state in value)

    @api.model
    def _access_domains(self):
        """Return the rights that are in each state.

        :rtype: dict[str, Domain]
        """
        # sudo: crm.representative.right - as above
        rights = self.sudo()
        present = Domain('id', 'in', rights._search([('partner_id.user_ids.active', '=', True)]))
        seen = Domain('id', 'in', rights._search([('partner_id.user_ids.log_ids', '!=', False)]))
        return {
            'active': present & seen, 'invited': present & ~seen, 'revoked': ~present,
            False: Domain.FALSE}
