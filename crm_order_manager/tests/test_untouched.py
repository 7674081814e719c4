from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestUntouched(OrderManagerCommon):
    """To look is no action: who took an order and did nothing loses it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(100.0)
        cls.own = cls.order.with_user(cls.manager)

    def _release(self):
        self.env.flush_all()
        self.own.action_release()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_who_takes_an_order_becomes_its_manager(self):
        with self.enter_registry_test_mode():
            self.env['sale.order'].with_user(self.manager).action_call_next()
        self.assertRecordValues(self.order, [
            {'order_manager_id': self.manager.id, 'call_user_id': self.manager.id}])
        self.assertEqual(self.order.manager_change_ids.reason, 'taken')

    def test_who_is_no_order_manager_takes_an_order_and_does_not_become_it(self):
        seller = self._create_user('account_representative')
        self.customer.user_id = seller
        self.order.with_user(seller).action_hold()
        self.assertRecordValues(self.order, [
            {'order_manager_id': False, 'call_user_id': seller.id}])

    def test_order_only_looked_at_goes_back(self):
        self.own.action_hold()
        self.assertEqual(self.order.order_manager_id, self.manager)
        self._release()
        self.assertRecordValues(self.order, [{'order_manager_id': False, 'call_user_id': False}])
        self.assertEqual(
            self.order.manager_change_ids.sorted('id').mapped('reason'), ['taken', 'untouched'])

    def test_taking_the_next_order_gives_an_untouched_one_back(self):
        other = self._create_order(200.0)
        with self.enter_registry_test_mode():
            for _press in range(2):
                self.env['sale.order'].with_user(self.manager).action_call_next()
        self.assertEqual(len((self.order + other).filtered('order_manager_id')), 1)

    def test_call_keeps_the_order(self):
        self.own.action_hold()
        self.own.log_call(self.promised)
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_note_keeps_the_order(self):
        self.own.action_hold()
        self.own.message_post(body="Asked for the bill again.")
        self._release()
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_activity_keeps_the_order(self):
        self.own.action_hold()
        self.own.activity_schedule('mail.mail_activity_data_call', user_id=self.manager.id)
        self._release()
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_field_written_keeps_the_order(self):
        self.own.action_hold()
        tag = self.env['crm.tag'].create({'name': "Difficult"})
        self.own.tag_ids = [Command.link(tag.id)]
        self._release()
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_bill_keeps_the_order(self):
        self.own.action_hold()
        bill = self._create_bill(self.order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_uid = %s WHERE id = %s", (self.manager.id, bill.id))
        self._release()
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_order_that_was_his_before_stays_his(self):
        self.order.order_manager_id = self.manager
        self.own.action_hold()
        self._release()
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_holding_twice_keeps_the_beginning(self):
        self.own.action_hold()
        begin = self.order.call_held_at
        self.own.message_post(body="Asked for the bill again.")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.own.action_hold()
        self.assertEqual(self.order.call_held_at, begin)
        self._release()
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_what_nobody_gave_back_is_given_back_in_time(self):
        self.own.action_hold()
        touched = self._create_order(200.0)
        touched.with_user(self.manager).action_hold()
        touched.with_user(self.manager).message_post(body="Wrote to the customer.")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron = self.env.ref('crm_order_manager.ir_cron_release_untouched').sudo()
            cron.method_direct_trigger()
            self.assertEqual(self.order.call_user_id, self.manager)
            # It is woken up when the first of both is due.
            self.assertEqual(
                self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).call_at,
                self.order.call_held_at + timedelta(minutes=30))
            with freeze_time(fields.Datetime.now() + timedelta(minutes=31)):
                cron.method_direct_trigger()
        self.assertRecordValues(self.order + touched, [
            {'order_manager_id': False, 'call_user_id': False},
            {'order_manager_id': self.manager.id, 'call_user_id': False},
        ])
