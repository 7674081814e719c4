import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_service_requests.models.crm_mail_quarantine import PAUSES

from .common_mail import MailRequestCommon


@tagged('post_install', '-at_install')
class TestMailQuarantine(MailRequestCommon):
    """Mails that cannot be handled are kept, and handled later."""

    def setUp(self):
        super().setUp()
        self.kept = self.env['crm.mail.quarantine']
        # A type that is in the way: no request can be made of it.
        self.types['help'].alias_name = 'broken'
        self.alias = self.types['help'].alias_id
        self.alias.alias_defaults = "{'type_id': 987654321}"
        self.source = self._built("Hello", To='broken@requests.example', Subject="Käse")

    def _mend(self):
        self.alias.alias_defaults = {'type_id': self.types['help'].id}

    def _run_action(self):
        with self.enter_registry_test_mode(), self.mock_mail_gateway():
            self.env.ref('crm_service_requests.ir_cron_retry_mail').method_direct_trigger()
        self.env.invalidate_all()

    def _keep(self):
        self.assertFalse(self._receive(self.source))
        return self.kept.search([])

    def test_users_of_the_portal_hand_over_no_mails(self):
        customer = new_test_user(self.env, 'hands over', 'base.group_portal')
        with self.assertRaises(AccessError):
            self.gateway.with_user(customer).message_process(False, self.source)
        self.assertFalse(self.kept.search([]))

    def test_mail_is_kept_with_its_original_and_the_reason(self):
        mail = self._keep()
        self.assertRecordValues(mail, [{
            'name': "Käse", 'state': 'waiting', 'reason': 'error', 'tries': 1,
            'email_from': 'acorn@example.com', 'email_to': 'broken@requests.example',
            'message_id': '<built@mail.example.com>'}])
        self.assertEqual(base64.b64decode(mail.original), self.source)
        self.assertTrue(mail.error)
        self.assertFalse(
            self._new_mails.filtered(lambda sent: 'acorn' in (sent.email_to or '')
                                     or self.acorn in sent.recipient_ids),
            "the sender was told of a failure")

    def test_mail_is_kept_once(self):
        self._keep()
        self._receive(self.source)
        self.assertEqual(len(self.kept.search([])), 1)

    def test_supervisor_has_one_thing_to_do_as_long_as_a_mail_waits(self):
        supervisor = self.roles['service_supervisor']
        first = self._keep()
        self.source = self.source.replace(b'<built@', b'<second@')
        second = self._keep() - first
        activities = self.env['mail.activity'].search(
            [('user_id', '=', supervisor.id), ('res_model', '=', self.kept._name)])
        self.assertEqual(activities.res_id, first.id)
        first._discard("Advertising")
        self.assertEqual(second.activity_ids.filtered(
            lambda activity: activity.user_id == supervisor).mapped('summary'),
            ["Mail in quarantine"])
        second._discard("Advertising")
        self.assertFalse(self.env['mail.activity'].search([('res_model', '=', self.kept._name)]))

    def test_supervisor_tries_again(self):
        mail = self._keep().with_user(self.roles['service_supervisor'])
        self.assertEqual(mail.action_retry()['params']['type'], 'warning')
        self.assertRecordValues(mail, [{'state': 'waiting', 'tries': 2}])
        self._mend()
        with self.mock_mail_gateway():
            self.assertEqual(mail.action_retry()['params']['type'], 'success')
        self.assertRecordValues(mail, [{
            'state': 'handled', 'user_id': self.roles['service_supervisor'].id}])
        request = self.env['crm.request'].search([('name', '=', "Käse")])
        self.assertEqual(request.partner_id, self.acorn)
        mail.action_retry()
        self.assertEqual(len(self.env['crm.request'].search([('name', '=', "Käse")])), 1)

    def test_mail_is_tried_again_by_itself_after_growing_pauses(self):
        mail = self._keep()
        for tries, pause in enumerate(PAUSES, start=1):
            waited = mail.next_try - fields.Datetime.now()
            self.assertAlmostEqual(waited, timedelta(minutes=pause), delta=timedelta(minutes=1))
            self.assertEqual(mail.tries, tries)
            mail.next_try = fields.Datetime.now() - timedelta(minutes=1)
            self._run_action()
        self.assertFalse(mail.next_try)
        self._mend()
        self._run_action()
        self.assertEqual(mail.state, 'waiting')

    def test_mail_that_is_not_due_is_left_alone(self):
        mail = self._keep()
        self._mend()
        self._run_action()
        self.assertEqual(mail.state, 'waiting')
        mail.next_try = fields.Datetime.now()
        self._run_action()
        self.assertRecordValues(mail, [{'state': 'handled', 'next_try': False}])

    def test_mail_is_discarded_for_a_reason(self):
        mail = self._keep()
        wizard = self.env['crm.mail.discard'].with_user(self.roles['service_supervisor'])
        wizard.with_context(**mail.action_discard()['context']).create(
            {'reason': "Advertising"}).action_discard()
        self.assertRecordValues(mail, [{
            'state': 'discarded', 'discard_reason': "Advertising", 'next_try': False,
            'user_id': self.roles['service_supervisor'].id}])

    def test_handled_mail_cannot_be_discarded(self):
        mail = self._keep()
        self._mend()
        with self.mock_mail_gateway():
            mail.action_retry()
        with self.assertRaisesRegex(UserError, "Käse"):
            mail._discard("Late")

    def test_only_supervisors_see_it_and_not_what_concerns_others(self):
        mail = self._keep()
        for role in set(self.roles) - {'service_supervisor'}:
            with self.subTest(role=role), self.assertRaises(AccessError):
                mail.with_user(self.roles[role]).read(['name'])
        supervisor = self.kept.with_user(self.roles['service_supervisor'])
        self.assertIn(mail, supervisor.search([]))
        mail.model_name = 'hr.applicant'
        self.assertNotIn(mail, supervisor.search([]))

    def test_address_of_nobody_is_refused_to_the_server_that_pipes_in(self):
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self._receive(self._built(To='nobody@requests.example'))

    def test_loop_is_cut_and_what_came_too_often_is_kept(self):
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', '3')
        for number in range(5):
            self._receive(self._built(Message_Id=f'<loop{number}@x>'))
        requests = self.env['crm.request'].search([('email_normalized', '=', 'acorn@example.com')])
        self.assertEqual(len(requests), 3)
        self.assertEqual(self.kept.search([]).mapped('reason'), ['loop', 'loop'])

    def test_automatic_answer_to_nothing_makes_no_request(self):
        self.assertFalse(self._made_of_stray())
        self.assertRecordValues(self.kept.search([]), [{
            'state': 'discarded', 'reason': 'auto_reply'}])

    def _made_of_stray(self):
        before = self.env['crm.request'].search([])
        self._receive(self._mail('auto_reply_stray'))
        return self.env['crm.request'].search([]) - before
