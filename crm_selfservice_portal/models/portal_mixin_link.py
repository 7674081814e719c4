from odoo import models

from .crm_representative_right import SEEN_BY

# Documents whose links are mailed to their contacts, and to which area each belongs.
LINKED = {'sale.order': 'order', 'account.move': 'bill', 'crm.request': 'request'}
# By which rights one writes under a document.
WRITING = ('buy', 'pay', 'request', 'technical', 'administer')


class PortalMixin(models.AbstractModel):
    """Who comes by the link of a document stands for its contact, and may do no more than he.

    A contact who does not use the portal is a guest, whose link lets him do everything: as much
    as Odoo lets everybody do who has the link.
    """

    _inherit = 'portal.mixin'

    def _linked_users(self):
        """Return the users of the portal for whom one stands who has the link of a document.

        :return: with all rights; nobody for the link of a guest
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: a document of the portal, res.users - what its contact may do is told to nobody
        document_sudo = self.sudo()
        users_sudo = document_sudo.env['res.users']
        if self._name in LINKED:
            users_sudo = document_sudo.partner_id.user_ids
        return users_sudo.filtered(lambda user: user._is_portal())

    def _link_allows(self, *rights):
        """Return whether one may do by the link what needs one of some rights.

        :param str rights: some of `RIGHTS`
        :rtype: bool
        """
        users_sudo = self._linked_users()
        return not users_sudo or any(
            user._portal_rights().names & set(rights) for user in users_sudo)

    def _link_shows(self):
        """Return whether the link lets one read the document.

        :rtype: bool
        """
        return self._name not in LINKED or self._link_allows(*SEEN_BY[LINKED[self._name]])

    def _link_writes(self):
        """Return whether one may write under the document by the link.

        :rtype: bool
        """
        return self._link_allows(*WRITING)

    def _visitor_may(self, user, right):
        """Return whether who looks at the page of the document may do something with it: by his
        own rights, and by those of its contact if he has come by the link.

        :param user: who, a `res.users`
        :param str right: one of `RIGHTS`
        :rtype: bool
        """
        self.ensure_one()
        return user._has_portal_right(right) and (
            not self._is_linked_for(user) or self._link_allows(right))

    def _is_linked_for(self, user):
        """Return whether a user needs the link to read the document.

        :rtype: bool
        """
        self.ensure_one()
        return not self.with_user(user).sudo(False).has_access('read')
