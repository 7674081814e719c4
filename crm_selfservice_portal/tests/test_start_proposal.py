from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_start import PDF, StartCase

URL = '/my/proposal/new'
WORDS = {'send': '1', 'subject': "Sell your benches", 'text': "In <b>Cork</b>, from May"}


@tagged('post_install', '-at_install')
class TestStartProposal(StartCase):

    def _leads(self):
        return self.env['crm.lead'].search([('name', '=', "Sell your benches")])

    def test_proposal_is_a_lead_of_the_contact(self):
        page = self._send(URL, WORDS, files={'files': ('plan.pdf', PDF, 'application/pdf')})
        lead, manager = self._leads(), self.roles['account_representative']
        self.assertIn("Thank you for your proposal", page.text)
        self.assertEqual(
            (lead.partner_id, lead.user_id, lead.type),
            (self.ann.partner_id, manager, 'opportunity'))
        self.assertIn("In &lt;b&gt;Cork", lead.description)
        self.assertEqual(lead.activity_ids.user_id, manager)
        self.assertNotIn(self.ann.partner_id, lead.message_partner_ids)
        self.assertTrue(self.env['ir.attachment'].search([
            ('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id), ('name', '=', 'plan.pdf')]))
        act = self.env['crm.representative.act'].search([('act', '=', 'propose')])
        self.assertEqual((act.partner_id, act.res_id), (self.ann.partner_id, lead.id))

    def test_proposal_is_a_lead_where_leads_are_apart(self):
        self.roles['account_representative'].sudo().group_ids += self.env.ref(
            'crm.group_use_lead')
        self._send(URL, WORDS)
        self.assertEqual(self._leads().type, 'lead')

    def test_team_gets_what_nobody_in_particular_gets(self):
        team = self.env['crm.team'].sudo().search([], limit=1)
        (self.acorn | self.ann.partner_id).user_id = False
        self._send(URL, WORDS)
        self.assertFalse(self._leads().user_id)
        self.assertEqual(self._leads().team_id, team)

    def test_team_gets_what_its_contact_could_not_read(self):
        self.acorn.personal_manager_id = self.roles['order_manager']
        self._send(URL, WORDS)
        self.assertFalse(self._leads().user_id)
        self.assertTrue(self._leads().team_id)

    def test_form_that_is_sent_twice_proposes_once(self):
        page = self._open(URL)
        for _time in range(2):
            self.assertIn("Thank you", self._send(URL, WORDS, page=page).text)
        self.assertEqual(len(self._leads()), 1)
        self._send(URL, WORDS)
        self.assertEqual(len(self._leads()), 2)

    def test_many_forms_are_too_many(self):
        self.env['ir.config_parameter'].sudo().set_param(
            'crm_service_requests.web_limit_user', '1')
        for _time in range(2):
            page = self._send(URL, WORDS)
        self.assertIn("too many", page.text)
        self.assertEqual(len(self._leads()), 1)

    def test_wrong_values_are_refused_and_kept(self):
        for values, words in (
                ({'subject': " "}, "Subject: please fill this in"),
                ({'text': ""}, "Your proposal: please fill this in"),
                ({'subject': "x" * 201}, "no more than 200"),
                ({'homepage': "http://"}, "field without a name"), ({'stamp': ''}, "too long")):
            with self.subTest(values=str(values)[:60]):
                page = self._send(URL, {**WORDS, **values})
                self.assertIn(words, page.text)
                self.assertIn('role="alert"', page.text)
        self.assertFalse(self._leads())

    @mute_logger('odoo.http')
    def test_who_may_propose(self):
        for name in ('view', 'buy', 'pay', 'request', 'technical', 'administer'):
            self._only(name)
            self.assertEqual(self._open(URL).status_code, 200, name)
            self.assertIn(URL, self._open('/my/home').text)
        page = self._open(URL)
        self._only()
        self.assertEqual(self._send(URL, WORDS, page=page).status_code, 403)
        self.assertEqual(self._open(URL).status_code, 403)
        self.assertNotIn(URL, self._open('/my/home').text)
        self.assertEqual(self._open(URL, self.colleague).status_code, 404)
        self.assertFalse(self._leads())

    @mute_logger('odoo.http')
    def test_form_needs_its_token(self):
        self.authenticate('ann', 'ann')
        self.assertEqual(self.url_open(URL, data=WORDS).status_code, 400)
        self.assertFalse(self._leads())
