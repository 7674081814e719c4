import re

from odoo import fields, http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_selfservice_portal.tests.common import SelfServiceCommon

RIGHTS = ('view', 'buy', 'pay', 'request', 'technical', 'administer')


@tagged('post_install', '-at_install')
class TestOfferRight(SelfServiceCommon, HttpCase):
    """To Acorn, for which Ann and Ben act, a rule offers a vice, and a campaign a calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rule = cls.env['crm.offer.rule'].create({
            'name': "A Vice", 'kind': 'audience', 'in_portal': True,
            'audience_id': cls.env['crm.audience'].create({'name': "All"}).id,
            'offered_product_ids': [Command.link(cls.product_a.id)]})
        cls.personal = cls.env['crm.offer'].create(
            {'rule_id': rule.id, 'partner_id': cls.acorn.id})
        cls.calendar = cls.env['crm.campaign.offer'].create({'name': "A Calendar"})
        campaign = cls.env['utm.campaign'].create({'title': "Winter", 'step_ids': [
            Command.create({'name': "Calendar", 'channel': 'offer', 'offer_id': cls.calendar.id})]})
        member = cls.env['crm.campaign.member'].create(
            {'campaign_id': campaign.id, 'partner_id': cls.acorn.id})
        cls.env['crm.campaign.touch'].create({
            'name': "Calendar", 'partner_id': cls.acorn.id, 'member_id': member.id,
            'step_id': campaign.step_ids.id, 'channel': 'offer'})
        cls.right = cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)])
        cls.offers = cls.env['crm.portal.offer'].sudo()

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref('crm_roles.group_marketing_manager')

    def _only(self, *names, **values):
        self.right.write({**{f'can_{name}': name in names for name in RIGHTS}, **values})

    def _seen(self, user=None):
        return set(self.offers.with_user(user or self.ann).sudo(False).search([]).mapped('name'))

    def _row(self, offered):
        name = 'offer_id' if offered == self.personal else 'campaign_offer_id'
        return self.offers.search([(name, '=', offered.id)])

    def _answer(self, offered, answer='accept', user=None):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        page = self.url_open(f'/my/offers/{self._row(offered).id}/{answer}', {
            'csrf_token': http.Request.csrf_token(self)})
        self.env.invalidate_all()
        return page

    def _home(self):
        self.authenticate('ann', 'ann')
        return set(re.findall(r'<a href="(/my/[a-z_/-]+)[^"]*" title', self.url_open('/my').text))

    def test_who_sees_which_offers(self):
        both = {"A Vice", "A Calendar"}
        for rights, seen in (
                (('view',), both), (('buy',), both), (('request',), both), (('pay',), set()),
                (('technical',), set()), (('administer',), set()), ((), set())):
            with self.subTest(rights=rights):
                self._only(*rights)
                self.assertEqual(self._seen(), seen)
                self.assertEqual('/my/offers' in self._home(), bool(seen))
        self.assertFalse(self._seen(self.bea))

    def test_who_sees_his_own_documents_only_learns_not_what_the_company_bought(self):
        self._only('view', 'buy', scope='own')
        self.assertEqual(self._seen(), {"A Calendar"})

    def test_who_sees_a_group_sees_the_offers_to_all_of_it(self):
        self.birch.parent_id = self.acorn
        self._only('view', 'buy', 'request', scope='group')
        self.env['crm.offer'].create({
            'rule_id': self.personal.rule_id.copy({'name': "A Saw"}).id,
            'partner_id': self.birch.id})
        self.assertEqual(self._seen(), {"A Vice", "A Calendar", "A Saw"})
        self.authenticate('ann', 'ann')
        page = self.url_open('/my/offers?groupby=customer').text
        self.assertIn("A Saw", page)
        self.assertIn('colgroup', page)

    @mute_logger('odoo.http')
    def test_buyers_take_what_was_offered_to_the_company(self):
        self._only('view', 'request')
        self.assertEqual(self._answer(self.personal).status_code, 403)
        self.assertEqual(self._answer(self.personal, 'decline').status_code, 403)
        page = self.url_open(f'/my/offers/{self._row(self.personal).id}').text
        self.assertIn("does not allow to answer", page)
        self.assertNotIn("Get the Quotation", page)
        self.assertEqual(self.personal.state, 'new')
        self._only('buy')
        self.assertIn('/my/orders/', self._answer(self.personal).url)
        self.assertEqual(self.personal.state, 'accepted')

    @mute_logger('odoo.http')
    def test_requesters_ask_for_what_a_campaign_offers(self):
        self._only('view', 'buy')
        self.assertEqual(self._answer(self.calendar).status_code, 403)
        self._only('request')
        self.assertIn("You asked for it", self._answer(self.calendar).text)
        asked = self.env['crm.request'].search([('offer_id', '=', self.calendar.id)])
        self.assertEqual(asked.partner_id, self.ann.partner_id)

    @mute_logger('odoo.http')
    def test_foreign_offers_are_as_those_that_are_not_there(self):
        for answer in ('accept', 'decline'):
            self.assertEqual(self._answer(self.personal, answer, self.bea).status_code, 404)
        foreign = self.url_open(f'/my/offers/{self._row(self.personal).id}')
        missing = self.url_open('/my/offers/999999998')
        self.assertEqual((foreign.status_code, len(foreign.text)), (404, len(missing.text)))

    def test_answers_are_acts_of_who_gave_them(self):
        self._answer(self.personal, user=self.ben)
        self._answer(self.calendar, 'decline', user=self.ben)
        acts = self.env['crm.representative.act'].search(
            [('partner_id', '=', self.ben.partner_id.id)])
        self.assertEqual(
            {(act.act, act.res_model, act.res_id) for act in acts},
            {('accept', 'crm.offer', self.personal.id),
             ('decline', 'crm.campaign.offer', self.calendar.id)})

    def test_block_is_hidden_from_a_customer(self):
        self.assertIn('/my/offers', self._home())
        self.acorn.portal_hidden_block_ids = self.env.ref(
            'crm_selfservice_portal_campaigns.crm_portal_block_offers')
        self.assertNotIn('/my/offers', self._home())

    def test_home_counts_what_is_open(self):
        self.authenticate('ann', 'ann')

        def count():
            return self.make_jsonrpc_request(
                '/my/counters', {'counters': ['portal_offer_count']})['portal_offer_count']
        self.assertEqual(count(), 2)
        self.personal.date_end = fields.Date.subtract(fields.Date.today(), days=2)
        self.assertEqual(count(), 1)
