from odoo import models

# Rights that count as far as the kind of a request goes.
ASKING = {'request', 'technical'}


class CrmRequest(models.Model):
    """Who comes by the link of a request may do no more with it than its contact."""

    _inherit = 'crm.request'

    def _link_allows(self, *rights):
        others = set(rights) - ASKING
        return super()._link_allows(*others) or others != set(rights) and any(
            user._may_request(self.sudo().kind) for user in self._linked_users())

    def _link_writes(self):
        return self._link_allows('request')
