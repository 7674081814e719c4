from odoo import api, models
from odoo.exceptions import AccessError


class CrmPortalConversation(models.AbstractModel):
    """In the conversation about a document writes who may act in the portal, not who only looks.

    A model that inherits this one names it before its own.
    """

    _name = 'crm.portal.conversation'
    _description = "Conversation with Representatives"

    # By which rights one may write.
    _portal_writers = frozenset({'buy', 'pay', 'request', 'technical', 'administer'})

    @api.model
    def _is_written_in_portal(self):
        """Return whether the user may write, as far as he is one of the portal.

        :rtype: bool
        """
        user = self.env.user
        return not user._is_portal() or bool(user._portal_rights().names & self._portal_writers)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation != 'create' or not self.env.user._is_portal():
            return operations
        # Nobody in the portal may write the document itself.
        return dict.fromkeys(self, 'read' if self._is_written_in_portal() else 'write')

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode='read', **kwargs):
        if mode != 'read' and not self._is_written_in_portal():
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)

    def message_post(self, **kwargs):
        if not self.env.su and not self._is_written_in_portal():
            raise AccessError(self.env._(
                "%(document)s: your access to the portal lets you read, but not write.",
                document=self.display_name))
        return super().message_post(**kwargs)
