import re

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_service_requests.models.likeness import likeness

# Subjects of which so much is the same may mean the same.
LIKE = 0.3
# So much of a word must be the same, of so many words, and so many requests are compared.
STEM, WORDS, COMPARED = 4, 8, 100
# So many are told.
TOLD = 3


class CrmRequest(models.Model):
    """Who writes a request is told which of those he sees may be about the same."""

    _inherit = 'crm.request'

    @api.model
    def _similar_to(self, subject):
        """Return the pending requests with a subject like this, of those the user may see.

        It takes two statements, however many requests there are.

        :param str subject: what he has typed so far
        :return: the likest first
        :rtype: crm.request
        """
        stems = [word[:STEM] for word in re.findall(rf'\w{{{STEM},}}', subject)[:WORDS]]
        if not stems:
            return self.browse()
        compared = self.search(
            self._pending_domain() & Domain.OR(
                Domain('name', 'ilike', stem) for stem in stems),
            order='date_received DESC, id DESC', limit=COMPARED)
        like = [(likeness(subject, request.name), request) for request in compared]
        like = sorted(
            (pair for pair in like if pair[0] >= LIKE), key=lambda pair: pair[0], reverse=True)
        return self.union(*(request for _share, request in like[:TOLD]))
