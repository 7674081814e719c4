from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .crm_representative_right import RIGHTS

# Who sees more stands further back.
SCOPES = ('own', 'company', 'group')


class CrmRepresentativeRight(models.Model):
    """What an administrator of the customer may do to the rights of his colleagues."""

    _inherit = 'crm.representative.right'

    @api.model
    def _own_sudo(self):
        """Return the rights of the user, who must be an administrator of his customer.

        :rtype: crm.representative.right
        :raise AccessError: when he is not
        """
        user = self.env.user
        user._check_portal_right('administer')
        # sudo: crm.representative.right - what the user may is compared with what he gives
        return self.sudo().search([('partner_id', '=', user.partner_id.id)])

    def _is_within(self, names, scope):
        """Return whether rights do not go beyond those of the representative.

        :param names: some of `RIGHTS`
        :param str scope: whose documents, one of `SCOPES`
        :rtype: bool
        """
        self.ensure_one()
        return names <= self._names() and SCOPES.index(scope) <= SCOPES.index(self.scope)

    def _is_changed_by(self, own_sudo):
        """Return whether an administrator may change the rights of a colleague.

        :param own_sudo: the rights of the administrator
        :rtype: bool
        """
        self.ensure_one()
        return own_sudo._is_within(self._names(), self.scope)

    def _change(self, values):
        """Let the user, an administrator of the customer, change the rights of a colleague.

        :param dict values: switches and scope
        :raise AccessError: when the colleague has or would get what the user has not
        :raise UserError: when nobody would be left to administer the customer
        """
        self.ensure_one()
        own_sudo = self._own_sudo()
        right_sudo = self._to_change(own_sudo)
        self._check_within(own_sudo, values)
        right_sudo.write(values)
        if right_sudo == own_sudo:
            own_sudo._check_administered()
        self.env['crm.representative.act']._note(
            'rights', right_sudo, ": ".join(right_sudo._words()))

    def _revoke(self):
        """Let the user, an administrator of the customer, end the access of a colleague.

        :raise AccessError: when the colleague has rights that the user has not
        :raise UserError: when it is himself
        """
        self.ensure_one()
        own_sudo = self._own_sudo()
        right_sudo = self._to_change(own_sudo)
        if right_sudo == own_sudo:
            raise UserError(self.env._("You cannot take away your own access."))
        right_sudo._end_access()
        self.env['crm.representative.act']._note('revoke', right_sudo)

    def _to_change(self, own_sudo):
        """Return the rights with all rights, locked, when the user may change them."""
        self.check_access('read')
        # sudo: crm.representative.right - changed by who administers them, as far as he may
        right_sudo = self.sudo()
        (right_sudo | own_sudo).lock_for_update()
        if not right_sudo._is_changed_by(own_sudo):
            raise AccessError(self.env._(
                "%(colleague)s may do more than you. Ask your contact here to change it.",
                colleague=right_sudo.partner_id.name))
        return right_sudo

    @api.model
    def _check_within(self, own_sudo, values):
        names = {name.removeprefix('can_') for name, value in values.items()
                 if name.startswith('can_') and value}
        if not own_sudo._is_within(names, values['scope']):
            raise AccessError(self.env._("You cannot give rights that you do not have."))

    def _check_administered(self):
        """Refuse to leave a customer without administrator."""
        self.ensure_one()
        left = self.search([
            ('commercial_partner_id', '=', self.commercial_partner_id.id),
            ('can_administer', '=', True), ('access_state', 'in', ['active', 'invited'])])
        if not left:
            raise UserError(self.env._(
                "You are the last administrator of %(customer)s. Make a colleague one first.",
                customer=self.commercial_partner_id.name))

    def _words(self):
        """Return what is allowed and for whom, in words.

        :rtype: tuple[str, str]
        """
        self.ensure_one()
        labels = [
            self._fields[f'can_{name}']._description_string(self.env)
            for name in RIGHTS if self[f'can_{name}']]
        scopes = dict(self._fields['scope']._description_selection(self.env))
        return ", ".join(labels) or self.env._("Nothing"), scopes[self.scope]
