from odoo.tests import tagged

from odoo.addons.crm_service_requests.models.crm_request_confirm import ANSWERS_PARAMETER

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
        parameters = self.env['ir.config_parameter']
        parameters.set_param('mail.gateway.loop.threshold', '1000')
        parameters.set_param(ANSWERS_PARAMETER, '1000')
        self._make_many(2)
        few = self._cost('few')
        self._make_many(40)
        self.assertEqual(self._cost('many'), few)

    def _cost(self, name):
        """Return what a mail costs when nothing has to be looked up for the first time."""
        return min(self._statements(f'{name}{number}') for number in range(4))
