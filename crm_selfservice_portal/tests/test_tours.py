from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestSelfServiceTours(SelfServiceCommon, HttpCase):

    def test_customer_looks_at_his_account_and_has_the_statement_sent(self):
        self._bill(123.45, '2026-01-10')
        self.start_tour('/my', 'crm_selfservice_portal.statement', login='ann')
        note = self.env['crm.statement'].search([], limit=1)
        self.assertEqual((note.output, note.recipient_id), ('mail', self.ben.partner_id))

    def test_customer_does_the_same_on_a_phone(self):
        self.browser_size = '390x844'
        self._bill(123.45, '2026-01-10')
        self.start_tour('/my', 'crm_selfservice_portal.statement', login='ann')
