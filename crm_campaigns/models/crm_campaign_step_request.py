from markupsafe import Markup

from odoo import fields, models


class CrmCampaignStep(models.Model):
    """A request for a sale: who looks after a member is asked to sell to him."""

    _inherit = 'crm.campaign.step'

    request_type_id = fields.Many2one(
        'crm.request.type', "Type of Request", index='btree_not_null', ondelete='restrict',
        help="Empty: an order.")

    def _begin_requests(self, members):
        """Ask for each member whoever looks after him to sell to him."""
        self.env['crm.request'].create([self._prepare_request_values(member) for member in members])
        members._set_contacted(fields.Datetime.now())

    def _prepare_request_values(self, member):
        return {
            'name': f"{self.name}: {member.partner_id.display_name}",
            'partner_id': member.partner_id.id,
            'user_id': member._sales_manager().id,
            'company_id': self._work_company().id,
            'type_id': self._request_type().id,
            'channel': 'rule',
            'campaign_member_id': member.id,
            'description': self._request_text(member),
        }

    def _request_type(self):
        return self.request_type_id or self.env.ref('crm_service_requests.crm_request_type_order')

    def _request_text(self, member):
        """Return the script of the step as it is to be said to a member.

        :rtype: Markup
        """
        steps = self.script_id and self.script_id._prepare_for(member)['steps'] or []
        return Markup().join(
            Markup("<h3>%s</h3>%s") % (step['name'], step['text']) for step in steps)
