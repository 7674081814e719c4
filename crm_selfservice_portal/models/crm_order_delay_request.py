from odoo import models
from odoo.tools import plaintext2html


class CrmOrderDelay(models.Model):
    """What the customer chooses about a delay becomes a request."""

    _inherit = 'crm.order.delay'

    def _prepare_remedy_request(self):
        """Return the values of the request that does what was chosen.

        :rtype: dict
        """
        self.ensure_one()
        order, user = self.order_id, self.chosen_by_id
        choice = self._remedy_labels()[self.remedy][0]
        return {
            'name': self.env._(
                "%(order)s is late: %(choice)s", order=order.name, choice=choice),
            'type_id': self.env.ref('crm_selfservice_portal.crm_request_type_late').id,
            'channel': 'portal',
            'partner_id': user.partner_id.id,
            'user_id': (order.order_manager_id or order.user_id).id,
            'origin_ref': f'sale.order,{order.id}',
            'description': plaintext2html("\n".join([
                choice, *filter(None, [self.note]), "", self.env._("Still to come:"),
                *order._what_is_to_come()])),
            'company_id': order.company_id.id,
        }
