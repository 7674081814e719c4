from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# So many invitations a customer may send within an hour.
INVITATIONS_PER_HOUR = 20


class CrmRepresentativeRight(models.Model):
    """An administrator of the customer invites his colleagues to the portal.

    Whether an address is known to the company already is told to nobody: an invitation to an
    address of another customer or of an employee looks like any other, and waits for employees.
    """

    _inherit = 'crm.representative.right'

    invited_by_id = fields.Many2one(
        'res.users', "Invited by", readonly=True, ondelete='set null', index='btree_not_null')
    invited_email = fields.Char("Invited Address", readonly=True, groups='base.group_user')
    is_awaiting = fields.Boolean(
        "Waits for Employees", readonly=True, groups='base.group_user',
        help="A colleague invited an address that belongs to somebody else.")
    # What is written down for employees tells that an invitation waits.
    has_message = fields.Boolean(groups='base.group_user')
    message_ids = fields.One2many(groups='base.group_user')
    website_message_ids = fields.One2many(groups='base.group_user')

    @api.model
    def _invite(self, name, email, values):
        """Let the user, an administrator of the customer, invite a colleague.

        :param str name: of the colleague
        :param str email: his address, normalized
        :param dict values: switches and scope
        :return: the rights of the colleague, with all rights
        :rtype: crm.representative.right
        :raise AccessError: when he would get, or has, what the user has not
        :raise UserError: when he has access already, or too many were invited of late
        """
        own_sudo = self._own_sudo()
        self._check_within(own_sudo, values)
        self._check_pace(own_sudo)
        contact_sudo = self._invited_contact(email)
        # sudo: crm.representative.right - as far as the rights of the user go, just checked
        right_sudo = self.sudo().search([('partner_id', '=', contact_sudo.id)])
        if right_sudo and right_sudo._shown_state() != 'revoked':
            raise UserError(self.env._(
                "%(colleague)s has access or was invited. Find the name in the list to change "
                "the rights.", colleague=right_sudo.partner_id.name))
        if right_sudo:
            right_sudo.with_env(self.env)._to_change(own_sudo)
        contact_sudo = contact_sudo or self._new_contact(own_sudo, name, email)
        # sudo: crm.representative.right - within the rights of who invites, see `_check_within`
        right_sudo = right_sudo or self.sudo().create({'partner_id': contact_sudo.id})
        right_sudo.write({**values, 'invited_by_id': self.env.uid, 'invited_email': email})
        right_sudo._give_access(email)
        self.env['crm.representative.act']._note('invite', right_sudo, email)
        return right_sudo

    def _invite_again(self):
        """Let the user, an administrator of the customer, send the invitation again.

        :raise AccessError: when the colleague has rights that the user has not
        :raise UserError: when he has no address, or too many were invited of late
        """
        self.ensure_one()
        own_sudo = self._own_sudo()
        right_sudo = self._to_change(own_sudo)
        self._check_pace(own_sudo)
        email = right_sudo._shown_email()
        if not email:
            raise UserError(self.env._(
                "%(colleague)s has no e-mail address. Ask your contact here to enter it.",
                colleague=right_sudo.partner_id.name))
        if right_sudo._shown_state() != 'active':
            right_sudo._give_access(email)
            self.env['crm.representative.act']._note('invite', right_sudo, email)

    def _give_access(self, email):
        """Give access to the portal and send the mail about it, unless the address is taken."""
        if self._is_foreign(email):
            self.is_awaiting = True
            return self._tell_employees(email)
        line = self._access_line(email)
        return line.action_invite_again() if line.is_portal else line.action_grant_access()

    def _end_access(self):
        """Take away the access to the portal; the rights stay for when it is given again."""
        self.is_awaiting = False
        line = self._access_line(self.partner_id.email)
        if line.is_portal:
            line.action_revoke_access()

    def _access_line(self, email):
        """Return Odoo's own dialog for the access of the representative."""
        wizard = self.env['portal.wizard'].create(
            {'partner_ids': [Command.set(self.partner_id.ids)]})
        wizard.user_ids.email = email
        return wizard.user_ids

    def _shown_state(self):
        """Return the state that colleagues are told: an invitation that waits for employees is
        one that was sent.

        :rtype: str
        """
        self.ensure_one()
        # sudo: crm.representative.right - which invitations wait is not told to colleagues
        right_sudo = self.sudo()
        waits = right_sudo.is_awaiting and right_sudo.access_state == 'revoked'
        return 'invited' if waits else right_sudo.access_state

    def _shown_email(self):
        """Return the address that colleagues are told.

        :rtype: str
        """
        self.ensure_one()
        # sudo: crm.representative.right - as above
        right_sudo = self.sudo()
        return right_sudo.partner_id.email_normalized or right_sudo.invited_email or ''

    @api.model
    def _check_pace(self, own_sudo):
        # sudo: crm.representative.act - what colleagues sent counts, too
        sent = self.env['crm.representative.act'].sudo().search_count([
            ('commercial_partner_id', '=', own_sudo.commercial_partner_id.id),
            ('act', '=', 'invite'),
            ('create_date', '>', fields.Datetime.subtract(fields.Datetime.now(), hours=1)),
        ])
        if sent >= INVITATIONS_PER_HOUR:
            raise UserError(self.env._(
                "Many colleagues were invited within the last hour. Try again later."))

    @api.model
    def _invited_contact(self, email):
        """Return the contact among those the user administers who has an address, or was invited
        by it, if any."""
        # sudo: crm.representative.right - by which address colleagues were invited
        invited = self.sudo()._search([('invited_email', '=', email)]).subselect('partner_id')
        return self._contacts_sudo().search(
            (self._address_domain(email) | Domain('id', 'in', invited))
            & Domain('is_company', '=', False)
            & Domain('parent_id', '!=', False) & Domain('type', '=', 'contact')
            & Domain('commercial_partner_id', 'in', self._customer_ids()), limit=1)

    @api.model
    def _is_foreign(self, email):
        """Return whether an address is that of somebody whom the user does not administer."""
        return bool(self._contacts_sudo().with_context(active_test=False).search_count(
            self._address_domain(email)
            & Domain('commercial_partner_id', 'not in', self._customer_ids()), limit=1))

    @api.model
    def _address_domain(self, email):
        return Domain('email_normalized', '=', email) | Domain('user_ids', 'any', [
            ('login', '=', email), ('active', 'in', [True, False])])

    @api.model
    def _contacts_sudo(self):
        # sudo: res.partner - an address is looked up among all, and the answer is not told
        return self.env['res.partner'].sudo()

    @api.model
    def _customer_ids(self):
        return self.env.user._portal_rights().customer_ids or ()

    @api.model
    def _new_contact(self, own_sudo, name, email):
        """Return a new contact; without the address when it is that of somebody else, whose mails
        would otherwise be taken for this customer's."""
        return self._contacts_sudo().create({
            'name': name,
            'email': not self._is_foreign(email) and email,
            'parent_id': own_sudo.commercial_partner_id.id,
            'lang': own_sudo.partner_id.lang,
            'is_invited': True,
        })

    def _tell_employees(self, email):
        """Tell who looks after the customer that an invitation waits."""
        contact = self.env.user._portal_contact()
        self.message_post(
            body=self.env._(
                "%(administrator)s invited %(email)s, an address of another customer or of an "
                "employee. No mail was sent. Find out whose it is, then give access or not.",
                administrator=self.env.user.name, email=email),
            partner_ids=contact.partner_id.ids, subtype_xmlid='mail.mt_note')
