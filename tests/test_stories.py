"""The suite told as its users would tell it: one class a story, from the first word to the last."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_order_manager.tests.common import OrderManagerCommon


class StoryCase(OrderManagerCommon):

    def _next_order(self, user):
        """Press "Next Order"; return the order, or none."""
        with self.enter_registry_test_mode():
            action = self.env['sale.order'].with_user(user).action_call_next()
        return self.env['sale.order'].with_user(user).browse(action.get('res_id', []))

    def _press_register_payment(self, order):
        """Press "Register Payment" and confirm the dialog as it stands."""
        action = order.action_register_payment()
        wizard = (
            self.env[action['res_model']].with_user(order.env.user).with_context(**action['context'])
        )
        wizard.create({}).action_create_payments()


@tagged('post_install', '-at_install')
class TestUnpaidOrderIsPaidAfterThreeCallsByTwoPeople(StoryCase):

    def test_story(self):
        # Quinn Carpentry orders a drill and is billed, but does not pay.
        order = self._create_order(250.0)
        self._create_bill(order)

        # An order manager takes the order; nobody answers.
        taken = self._next_order(self.manager)
        self.assertEqual(taken, order)
        taken.log_call(self.no_answer)
        self.assertEqual(order.order_manager_id, self.manager)
        self.assertFalse(self._next_order(self.colleague), "it is too soon to call again")

        # After the wait a colleague is given it, and the customer asks to be called back.
        first_try = fields.Datetime.now()
        with freeze_time(first_try + timedelta(hours=5)):
            taken = self._next_order(self.colleague)
            self.assertEqual(taken, order)
            appointment = fields.Datetime.now() + timedelta(hours=1)
            taken.log_call(self.callback, callback_at=appointment, duration=2.0)

        # At that time it is the colleague who gets it, not the manager.
        with freeze_time(appointment + timedelta(minutes=1)):
            self.assertFalse(self._next_order(self.manager))
            taken = self._next_order(self.colleague)
            self.assertEqual(taken, order)
            taken.log_call(self.promised, duration=4.0, note="Pays by transfer today.")

        # The money comes, and the order leaves the queue for good.
        self._press_register_payment(order.with_user(self.colleague))
        self.assertRecordValues(
            order,
            [
                {
                    'amount_unpaid': 0.0,
                    'call_state': 'done',
                    'call_count': 3,
                    'order_manager_id': self.manager.id,
                }
            ],
        )
        with freeze_time(appointment + timedelta(days=30)):
            self.assertFalse(self._next_order(self.manager) | self._next_order(self.colleague))


@tagged('post_install', '-at_install')
class TestRefusedCardThenTransferThenBounce(StoryCase):

    def test_story(self):
        # The card is refused: the order waits for a call.
        order = self._create_order(250.0)
        self._pay_online(order, 250.0, 'error')
        self.assertEqual(self._next_order(self.manager), order)

        # On the phone the customer pays with another card: nothing is left to call about.
        self._pay_online(order, 250.0)
        self.assertRecordValues(order, [{'amount_unpaid': 0.0, 'call_state': 'done'}])
        self.assertFalse(self._next_order(self.colleague))
        order.with_user(self.manager).action_release()

        # The bank takes the money back: the order is there again.
        payment = order.transaction_ids.payment_id
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(order.amount_unpaid, 250.0)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertEqual(self._next_order(self.colleague), order)


@tagged('post_install', '-at_install')
class TestSupervisorActsForACustomerWhoCannot(StoryCase):

    def test_story(self):
        # A new customer calls; the supervisor registers him and enters his order.
        supervisor = self._create_user('service_supervisor')
        customer = (
            self.env['res.partner']
            .with_user(supervisor)
            .create(
                {
                    'name': "Devlin Boatyard",
                    'email': "devlin@boatyard.example",
                    'phone': "+353 74 555 0103",
                }
            )
        )
        order = self.env['sale.order'].with_user(supervisor).create({
            'partner_id': customer.id,
            'order_line': [Command.create({'product_id': self.drill.id, 'product_uom_qty': 2})],
        })
        order.action_confirm()
        self.assertEqual(order.placed_by_id, supervisor)
        self.assertIn("on behalf", "".join(order.sudo().message_ids.mapped('body')))

        # He is billed and pays; one drill comes back broken, and the supervisor credits it.
        bill = self._create_bill(order.sudo(False).with_user(self.env.user))
        self._pay(bill)
        wizard = self.env['account.move.reversal'].with_user(supervisor).with_context(
            active_model='account.move', active_ids=bill.ids).create({
                'reason': "Broken on arrival", 'journal_id': bill.journal_id.id})
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.assertRecordValues(
            note, [{'state': 'posted', 'move_type': 'out_refund', 'amount_total': 100.0}]
        )

        # Giving the money back is not his to do.
        with self.assertRaises(AccessError):
            self.env['account.payment.register'].with_user(supervisor).with_context(
                active_model='account.move', active_ids=note.ids).create({})
