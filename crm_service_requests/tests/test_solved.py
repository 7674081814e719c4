from odoo.tests import tagged

from .common_mail import MailRequestCommon


@tagged('post_install', '-at_install')
class TestSolved(MailRequestCommon):
    """The mail that tells the customer the solution."""

    def _solved(self, **values):
        request = self._create_request(user_id=self.roles['service_representative'].id, **values)
        with self.mock_mail_gateway():
            self._solve(request.with_user(self.roles['service_representative']))
            self.env.cr.flush()
        return request

    def test_customer_is_told_the_solution_and_asked_whether_it_is_one(self):
        request = self._solved()
        [mail] = self._new_mails
        self.assertEqual(mail.recipient_ids, self.acorn)
        self.assertIn(request.number, mail.subject)
        self.assertIn("It is on its way.", mail.body_html)
        self.assertIn(f'/requests/{request.id}/close?token=', mail.body_html)
        self.assertTrue(request.date_first_answer, "it is an answer of ours")

    def test_stranger_is_told_at_his_address(self):
        self._solved(partner_id=False, email_from='New <new@elsewhere.example>')
        [mail] = self._new_mails
        self.assertIn('new@elsewhere.example', mail.email_to)

    def test_what_is_solved_again_is_told_again(self):
        request = self._solved()
        with self.mock_mail_gateway():
            request.action_reopen()
            request.action_solve()
        self.assertEqual(len(self._new_mails), 1)

    def test_nobody_is_told_of_what_a_rule_made_or_without_an_address(self):
        self._solved(channel='rule')
        self.assertFalse(self._new_mails)
        self._solved(partner_id=False, email_from=False)
        self.assertFalse(self._new_mails)
