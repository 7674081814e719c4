from odoo import fields, models


class ResPartner(models.Model):
    """A customer shows his requests."""

    _inherit = 'res.partner'

    crm_request_ids = fields.One2many(
        'crm.request', 'partner_id', "Requests", groups='base.group_user')
    crm_request_count = fields.Integer(
        "Pending Requests", compute='_compute_crm_request_count', groups='base.group_user')

    def _compute_crm_request_count(self):
        requests = self.env['crm.request']
        counts = dict(requests._read_group(
            requests._pending_domain()
            & requests._customer_domain(self.commercial_partner_id),
            ['commercial_partner_id'], ['__count']))
        for partner in self:
            partner.crm_request_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_requests(self):
        """Open the requests of the customer: of the company and all its contacts.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_service_requests.crm_request_action')
        return {
            **action,
            'domain': [('commercial_partner_id', '=', self.commercial_partner_id.id)],
            'context': {'default_partner_id': self.id, 'default_channel': 'phone'},
        }

    def action_take_request(self):
        """Open the dialog in which a request of the customer is taken down.

        :rtype: dict
        """
        self.ensure_one()
        return self.env['crm.request.intake']._action(
            partner_id=self.id, caller=self.phone or self.name)
