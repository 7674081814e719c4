from psycopg2.errors import CheckViolation

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .step_common import StepCommon


@tagged('post_install', '-at_install')
class TestOfferPortal(StepCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bea = (
            new_test_user(cls.env, login, 'base.group_portal') for login in ('ann', 'bea'))
        cls.ann.partner_id.parent_id = cls.acorn
        cls.bea.partner_id.parent_id = cls.birch
        cls.audience.criterion_ids.partner_domain = str([('id', '=', cls.acorn.id)])
        cls.offer = cls.env['crm.campaign.offer'].create({
            'name': "Two for one", 'code': 'SPRING', 'body': "<p>Take two benches.</p>"})
        cls.step = cls.env['crm.campaign.step'].create({
            'name': "Offer", 'campaign_id': cls.campaign.id, 'channel': 'offer',
            'offer_id': cls.offer.id})

    def setUp(self):
        super().setUp()
        self._start()
        self._run()

    def _shown(self):
        return self.env['crm.portal.offer'].search([('campaign_offer_id', '=', self.offer.id)])

    def _ask(self, login, answer='accept', **values):
        self.authenticate(login, login)
        page = self.url_open(f'/my/offers/{self._shown().id}/{answer}', {
            'csrf_token': http.Request.csrf_token(self), **values})
        self.env.invalidate_all()
        return page

    def _requests(self):
        return self.env['crm.request'].search([('offer_id', '=', self.offer.id)])

    def test_member_sees_what_is_offered_to_him(self):
        self.authenticate('ann', 'ann')
        self.assertIn("Two for one", self.url_open('/my/offers').text)
        page = self.url_open(f'/my/offers/{self._shown().id}').text
        for text in ("Two for one", "Take two benches.", "SPRING", "Ask for It"):
            self.assertIn(text, page)

    def test_others_see_nothing_of_it(self):
        self.authenticate('bea', 'bea')
        page = self.url_open('/my/offers').text
        self.assertNotIn("Two for one", page)
        self.assertIn("There is no offer for you", page)
        offers = self.env['crm.portal.offer']
        self.assertEqual(offers.with_user(self.ann).search([]), self._shown())
        self.assertFalse(offers.with_user(self.bea).search([]))

    def test_home_counts_what_is_offered_to_whoever_looks(self):
        new_test_user(self.env, 'temp', 'base.group_user')
        for login, count in (('ann', 1), ('bea', 0), ('temp', 0)):
            self.authenticate(login, login)
            with self.subTest(login=login):
                self.assertEqual(self.make_jsonrpc_request(
                    '/my/counters', {'counters': ['portal_offer_count']}),
                    {'portal_offer_count': count})

    def test_who_asks_has_answered_and_his_salesperson_gets_a_request(self):
        page = self._ask('ann')
        self.assertIn("You asked for it", page.text)
        asked = self._requests()
        self.assertEqual(asked.partner_id, self.ann.partner_id)
        self.assertEqual(asked.user_id, self.roles['account_representative'])
        self.assertEqual(self.campaign.member_ids.state, 'responded')

    def test_asking_twice_is_asking_once(self):
        self._ask('ann')
        self._ask('ann')
        self.assertEqual(len(self._requests()), 1)

    def test_who_declines_is_not_bothered_again(self):
        self.authenticate('ann', 'ann')
        page = self.url_open(f'/my/offers/{self._shown().id}').text
        self.assertIn("Would you tell us why?", page)
        page = self._ask('ann', 'decline', reason='price').text
        self.assertIn("Thank you for telling us", page)
        member = self.campaign.member_ids
        self.assertEqual((member.state, member.decline_reason), ('declined', 'price'))
        self.assertEqual(self._shown().state, 'declined')
        self._ask('ann')
        self.assertFalse(self._requests())

    def test_reason_for_declining_may_be_left_out_and_is_one_of_ours(self):
        self._ask('ann', 'decline', reason='because')
        member = self.campaign.member_ids
        self.assertEqual((member.state, member.decline_reason), ('declined', False))

    def test_reason_for_declining_is_kept_by_who_calls_until_he_answers(self):
        member = self.campaign.member_ids
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
            member.decline_reason = 'later'
        member = member.with_user(self.roles['order_manager'])
        member.write({'state': 'declined', 'decline_reason': 'later'})
        with self.assertRaises(AccessError):
            member.with_user(self.roles['account_representative']).decline_reason = 'price'
        self.assertEqual(
            member.with_user(self.roles['account_representative']).decline_reason, 'later')
        member.state = 'responded'
        self.assertFalse(member.decline_reason)

    @mute_logger('odoo.http')
    def test_nobody_asks_for_what_is_offered_to_others(self):
        new_test_user(self.env, 'temp', 'base.group_user')
        for login in ('bea', 'temp'):
            self.assertEqual(self._ask(login).status_code, 404)
            self.assertEqual(self.url_open(f'/my/offers/{self._shown().id}').status_code, 404)
            self.assertEqual(self.url_open('/my/offers/999999999').status_code, 404)
            self.assertIn("There is no offer for you", self.url_open('/my/offers').text)
        self.assertFalse(self._requests())

    def test_what_is_over_cannot_be_asked_for(self):
        self.offer.date_end = '2026-03-03'
        self.assertNotIn("You asked for it", self._ask('ann').text)
        self.assertFalse(self._requests())
        self.assertIn("There is no offer for you", self.url_open('/my/offers').text)

    def test_without_an_offer_the_step_cannot_be_done(self):
        self.assertIn("choose one", self._step('offer').problem)
