from odoo import fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    crm_call_ids = fields.One2many(
        'crm.call', 'partner_id', "Calls",
        groups='crm_roles.group_order_reader,sales_team.group_sale_salesman')
    crm_call_count = fields.Integer(
        "Number of Calls", compute='_compute_crm_call_count',
        groups='crm_roles.group_order_reader,sales_team.group_sale_salesman')

    def _compute_crm_call_count(self):
        self.crm_call_count = 0
        counts = self.env['crm.call']._read_group(
            [('partner_id', 'child_of', self.ids)], ['partner_id'], ['__count'])
        for partner, count in counts:
            while partner:
                if partner in self:
                    partner.crm_call_count += count
                partner = partner.parent_id

    def action_view_calls(self):
        """Open the calls with the partner and, for a company, with its contacts."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('crm_calls.crm_call_action')
        action['domain'] = [('partner_id', 'child_of', self.id)]
        action['context'] = {'default_partner_id': self.id}
        return action

    def get_call_script(self):
        """Return the script for a call with the partner that is about no document.

        :return: the script as plain data, see `crm.call.script._prepare_for`, or False when there
            is none
        :rtype: dict | bool
        """
        self.ensure_one()
        script = self.env['crm.call.script']._find_for(self)
        return bool(script) and script._prepare_for(self)

    def _call_partner(self):
        return self
