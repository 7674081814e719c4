from odoo import api, models


class ResUsers(models.Model):
    """Orders of who leaves, or is no order manager any more, are handed on and not forgotten."""

    _inherit = 'res.users'

    def write(self, vals):
        if not {'active', 'group_ids'} & vals.keys():
            return super().write(vals)
        before = self & self._order_managers()
        result = super().write(vals)
        (before - self._order_managers())._tell_leads_of_open_orders()
        return result

    def _tell_leads_of_open_orders(self):
        """Ask the leads of the call centre to hand on what the users still had to call about."""
        if not self:
            return
        # sudo: sale.order - whoever archives a user, all of his orders are to be handed on
        counts = self.env['sale.order'].sudo()._read_group(
            [('order_manager_id', 'in', self.ids), ('call_state', '!=', 'done')],
            ['order_manager_id'], ['__count'])
        if not counts:
            return
        leads = self._call_center_leads()
        for user, count in counts:
            for lead in leads - user:
                # sudo: mail.activity - the one who archives the user need not be a lead
                user.partner_id.sudo().activity_schedule(
                    'crm_order_manager.mail_activity_type_handover',
                    user_id=lead.id,
                    summary=self.env._(
                        "%(user)s is no order manager any more: hand on %(count)s open orders",
                        user=user.name, count=count),
                    note=self.env._(
                        "Call Center > Orders to Call, filter \"With Somebody Who Is No Order "
                        "Manager\": select the orders, then Actions > Assign Responsible."))

    @api.model
    def _call_center_leads(self):
        """Return the leads of the call centre who can do something about it.

        :rtype: res.users
        """
        return self.search([
            ('all_group_ids', 'in', self.env.ref('crm_roles.group_call_center_lead').ids),
            ('id', 'not in', [self.env.ref('base.user_root').id])])
