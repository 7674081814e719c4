from odoo import models

# Rights that count as far as the kind of a request goes.
ASKING = {'request', 'technical'}


class CrmRequest(models.Model):
    """Who comes by the link of a request may do no more with it than its contact."""

    _inherit = 'crm.request'

    def _link_allows(self, *rights):
        others = set(rights) - ASKING
        # sudo: crm.request - of which kind it is decides whether its contact may
        kind = self.sudo().kind
        return super()._link_allows(*others) or others != set(rights) and any(
            user._may_request(kind) for user in self._linked_users())

    def _link_writes(self):
        return self._link_allows('request')
