from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_order import MANAGER_GROUP

RELEASE_BATCH = 100


class SaleOrder(models.Model):
    """Orders that were taken and only looked at go back to everybody."""

    _inherit = 'sale.order'

    _call_held_at_idx = models.Index("(call_held_at) WHERE call_user_id IS NOT NULL")

    @api.model
    def _call_pick(self, take):
        record_id = super()._call_pick(take)
        self.browse(record_id)._take_unmanaged()
        return record_id

    def action_hold(self):
        super().action_hold()
        self._take_unmanaged()

    def _call_give_back(self):
        self._give_back_untouched()
        return super()._call_give_back()

    def _take_unmanaged(self):
        """Make the user the manager of those that have none, until he leaves them untouched."""
        user = self.env.user
        if not self or user._is_superuser() or not user.has_group(MANAGER_GROUP):
            return
        # sudo: sale.order - who takes an order nobody manages becomes its manager
        unmanaged_sudo = self.sudo().search(
            Domain('id', 'in', self.ids) & Domain('order_manager_id', '=', False), order='id')
        if unmanaged_sudo:
            unmanaged_sudo._put_order_manager(
                {user: unmanaged_sudo}, 'taken', track=False)

    def _give_back_untouched(self):
        """Take those orders off their holders again that these got by the hold and left untouched.

        :return: the orders that have no manager any more
        :rtype: sale.order
        """
        untouched = self.browse(
            row[0] for row in self.env.execute_query(self._untouched_query())) if self else self
        # sudo: sale.order - what came with the hold goes with it
        untouched.sudo()._put_order_manager(
            {self.env['res.users']: untouched}, 'untouched', track=False)
        return untouched

    def _untouched_query(self):
        """Return the query of the orders whose holder got them by holding, and did nothing.

        A call, a message or note, a field written, an activity and a bill are actions; to look is
        none. A payment link is told in a note.
        """
        return SQL(
            """
            SELECT sale_order.id FROM sale_order
            WHERE id = ANY(%(ids)s) AND order_manager_id = call_user_id
              AND EXISTS (
                SELECT FROM crm_manager_change taken
                WHERE taken.order_id = sale_order.id AND taken.reason = 'taken'
                  AND taken.to_user_id = call_user_id AND taken.date >= call_held_at)
              AND NOT (write_uid = call_user_id AND write_date >= call_held_at)
              AND NOT EXISTS (
                SELECT FROM crm_call
                WHERE res_model = 'sale.order' AND res_id = sale_order.id
                  AND crm_call.user_id = call_user_id AND crm_call.create_date >= call_held_at)
              AND NOT EXISTS (
                SELECT FROM mail_message
                WHERE model = 'sale.order' AND res_id = sale_order.id
                  AND mail_message.create_uid = call_user_id
                  AND mail_message.create_date >= call_held_at)
              AND NOT EXISTS (
                SELECT FROM mail_activity
                WHERE res_model = 'sale.order' AND res_id = sale_order.id
                  AND mail_activity.create_uid = call_user_id
                  AND mail_activity.create_date >= call_held_at)
              AND NOT EXISTS (
                SELECT FROM sale_order_line line
                JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
                JOIN account_move_line item ON item.id = link.invoice_line_id
                JOIN account_move bill ON bill.id = item.move_id
                WHERE line.order_id = sale_order.id AND bill.create_uid = call_user_id
                  AND bill.create_date >= call_held_at)
            """,
            ids=list(self.ids))

    @api.model
    def _cron_release_untouched(self):
        """Give back the orders that were held for longer than the set minutes."""
        stale = self._stale_domain()
        self.env['ir.cron']._commit_progress(remaining=self.search_count(stale))
        while batch := self.search(stale, limit=RELEASE_BATCH).try_lock_for_update():
            batch._call_give_back()
            if not self.env['ir.cron']._commit_progress(len(batch)):
                return
        self._wake_up_to_release()

    @api.model
    def _wake_up_to_release(self):
        """Let the action run whenever Odoo looks for work once the next order is due.

        Its regular moment may just not have come then.
        """
        minutes = self._call_hold_minutes()
        held_at = self.search(
            [('call_user_id', '!=', False), ('call_held_at', '>=', f'now -{minutes}M')],
            order='call_held_at', limit=1).call_held_at
        if held_at:
            self.env.ref('crm_order_manager.ir_cron_release_untouched')._trigger(
                held_at + timedelta(minutes=minutes))

    @api.model
    def _stale_domain(self):
        """Return the domain of the orders held for longer than the set minutes.

        :rtype: Domain
        """
        return Domain('call_user_id', '!=', False) & Domain(
            'call_held_at', '<', f'now -{self._call_hold_minutes()}M')
