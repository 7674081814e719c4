from odoo.tests import tagged

from .common_mail import MailRequestCommon


@tagged('post_install', '-at_install')
class TestMailSpeed(MailRequestCommon):

    def _statements(self, mid):
        """Return how many statements a mail costs."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(self._receive(self._built(
            From='many@example.com', Message_Id=f'<{mid}@x>', Subject=f"Bench {mid}")))
        return self.env.cr.sql_log_count - before

    def _make_many(self, count):
        partners = self.env['res.partner'].create([
            {'name': f"Many {number}", 'email': 'many@example.com'} for number in range(count)])
        self.env['crm.request'].create([
            {'name': "Bench", 'type_id': self.types['help'].id, 'partner_id': partner.id,
             'channel': 'rule'} for partner in partners])

    def test_mail_costs_as_much_with_many_customers_and_requests_as_with_few(self):
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', '1000')
        self._make_many(2)
        self._statements('warm')
        few = self._statements('few')
        self._make_many(40)
        self.assertLessEqual(self._statements('many'), few)
