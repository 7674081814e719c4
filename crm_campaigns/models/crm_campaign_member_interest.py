from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Command


class CrmCampaignMember(models.Model):
    """Who is interested gets an opportunity or a quotation, for who looks after him."""

    _inherit = 'crm.campaign.member'

    lead_id = fields.Many2one(
        'crm.lead', "Opportunity", readonly=True, index='btree_not_null', ondelete='set null')
    order_id = fields.Many2one(
        'sale.order', "Quotation", readonly=True, index='btree_not_null', ondelete='set null')

    def action_make_lead(self):
        """Make an opportunity of who is interested, once."""
        return self._make_once('lead_id', 'crm.lead', self._prepare_lead_values)

    def action_make_quotation(self):
        """Make a quotation for who is interested, once, over the products of the step."""
        return self._make_once('order_id', 'sale.order', self._prepare_quotation_values)

    def _make_once(self, name, model, prepare):
        """Make a document of a member and tell his manager, unless it is there; return its form.

        :param str name: the field that leads to it
        :param str model: its model
        :param prepare: returns its values
        :type prepare: Callable[[], dict]
        """
        self.ensure_one()
        self.check_access('write')
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset([name])
        if not self[name]:
            # sudo: crm.lead, sale.order - who calls makes it for who looks after the customer
            document_sudo = self.env[model].sudo().create(prepare())
            self[name] = document_sudo.id
            self._set_responded(fields.Datetime.now())
            self._tell_manager(document_sudo)
        return self._interest_action(name)

    def _interest_action(self, name):
        """Open what was made, for whoever may see it."""
        if not self[name].has_access('read'):
            return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
        return self[name].get_formview_action()

    def _tell_manager(self, document_sudo):
        manager = self._sales_manager()
        if manager:
            document_sudo.activity_schedule(
                'mail.mail_activity_data_call', user_id=manager.id,
                summary=self.env._("Interested in %(campaign)s", campaign=self.campaign_id.title),
                note=self._interest_note())

    def _interest_note(self):
        """Return what the customer said last."""
        # sudo: crm.call - what was said is for who goes on
        return Markup("<p>%s</p>") % (self.sudo().last_call_id.note or '')

    def _sales_manager(self):
        """Return who sells to the member.

        :rtype: res.users
        """
        customer = self.partner_id
        return customer.personal_manager_id or customer.user_id or self.campaign_id.user_id

    def _prepare_interest_values(self):
        return {
            'partner_id': self.partner_id.id,
            'user_id': self._sales_manager().id,
            'campaign_id': self.campaign_id.id,
            'company_id': (self.company_id or self.env.company).id,
        }

    def _prepare_lead_values(self):
        return {
            **self._prepare_interest_values(),
            'name': f"{self.campaign_id.title}: {self.partner_id.display_name}",
            'type': 'opportunity',
            'description': self._interest_note(),
        }

    def _prepare_quotation_values(self):
        return {
            **self._prepare_interest_values(),
            'origin': self.campaign_id.title,
            'order_line': [
                Command.create({'product_id': product.id})
                for product in self.call_step_id.product_ids],
        }
