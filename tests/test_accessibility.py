"""Every page of the portal can be used with a keyboard and a screen reader, wide and narrow."""

import resource

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_selfservice_portal.tests.common import SelfServiceCommon

WIDTHS = (1366, 390)
PAGES = [
    '/my', '/my/account-status', '/my/statement', '/my/requests', '/my/requests/{request}',
    '/requests/new', '/requests/new/{type}', '/my/orders', '/my/orders/{order}', '/my/quotes',
    '/my/orders/{quote}', '/my/orders/{order}/late', '/my/invoices', '/my/invoices/{bill}',
    '/my/offers', '/my/offers/{offer}', '/my/offers/{campaign_offer}', '{invitation}',
]


@tagged('post_install', '-at_install')
class TestAccessibility(SelfServiceCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.password = 'ann'
        quote, order = (cls.env['sale.order'].create({
            'partner_id': cls.ann.partner_id.id,
            'order_line': [Command.create({'product_id': cls.product_a.id})],
        }) for _number in range(2))
        order.with_context(skip_procurement=True).action_confirm()
        quote.state = 'sent'
        # sudo: nobody makes them by hand
        cls.env['crm.order.delay'].sudo().create({
            'order_id': order.id, 'date_promised': '2025-02-03 12:00:00',
            'date_noticed': '2025-02-03 08:00:00'})
        bill = cls._bill(100, '2025-01-10')
        request_type = cls.env.ref('crm_service_requests.crm_request_type_service')
        request = cls.env['crm.request'].create({
            'name': "Bench squeaks", 'partner_id': cls.ann.partner_id.id,
            'type_id': request_type.id})
        rule = cls.env['crm.offer.rule'].create({
            'name': "Another Bench", 'in_portal': True, 'months': 0, 'discount': 5,
            'portal_text': "<p>It stands well.</p>", 'product_ids': cls.product_a.ids,
            'offered_product_ids': cls.product_a.ids})
        offer = cls.env['crm.offer'].create({
            'rule_id': rule.id, 'partner_id': cls.acorn.id, 'date_end': '2099-12-31',
            'evidence_product_id': cls.product_a.id, 'evidence_date': '2025-01-10'})
        # sudo: it is for customers only
        shown_sudo = cls.env['crm.portal.offer'].sudo().search([('offer_id', '=', offer.id)])
        cls.names = {
            'offer': shown_sudo.id, **cls._campaign_names(),
            'order': order.id, 'quote': quote.id, 'bill': bill.id, 'request': request.id,
            'type': request_type.id,
            'return': cls.env.ref('crm_service_requests.crm_request_type_return').id}
        cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)]).can_administer = True

    @classmethod
    def _campaign_names(cls):
        """Return where the customer finds what a campaign offers, and to what it invites him."""
        # sudo: touches are written by scheduled actions
        env = cls.env(su=True)
        event = env['event.event'].create({
            'name': "Open House", 'date_begin': '2099-05-10 08:00:00',
            'date_end': '2099-05-10 16:00:00', 'event_mail_ids': [Command.clear()],
            'event_ticket_ids': [
                Command.create({'name': name, 'description': "In the hall", 'price': price})
                for name, price in (("Visit", 0), ("Visit and Lunch", 0), ("Dinner", 40))]})
        offer = env['crm.campaign.offer'].create({'name': "Two for One", 'code': 'TWO'})
        campaign = env['utm.campaign'].create({'title': "Spring"})
        member = env['crm.campaign.member'].create(
            {'campaign_id': campaign.id, 'partner_id': cls.acorn.id})
        steps = env['crm.campaign.step'].create([
            {'name': "Step", 'campaign_id': campaign.id, **values} for values in (
                {'channel': 'offer', 'offer_id': offer.id},
                {'channel': 'event', 'event_id': event.id})])
        touches = env['crm.campaign.touch'].create([
            {'name': "Step", 'step_id': step.id, 'campaign_id': campaign.id, 'state': 'done',
             'member_id': member.id, 'partner_id': cls.acorn.id, 'channel': step.channel}
            for step in steps])
        _label, url = touches[1]._mail_button()
        return {
            'campaign_offer': env['crm.portal.offer'].search(
                [('campaign_offer_id', '=', offer.id)]).id,
            'invitation': url[url.index('/campaigns/'):]}

    def test_no_page_has_a_barrier(self):
        found = {}
        # A browser reserves more than the server may take.
        limits = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, limits[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, limits)
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path='/usr/bin/chromium', args=['--no-sandbox', '--disable-gpu'])
            session = self.authenticate('ann', 'ann')
            for width in WIDTHS:
                context = browser.new_context(viewport={'width': width, 'height': 844})
                context.add_cookies([{
                    'name': 'session_id', 'value': session.sid, 'url': self.base_url()}])
                page = context.new_page()
                for path in PAGES:
                    found |= self._barriers(page, path, width)
                context.close()
            browser.close()
        self.assertFalse(found, '\n'.join(f"{key}: {value}" for key, value in found.items()))

    def _barriers(self, page, path, width):
        """Return what is wrong with a page, by the page and the name of the rule."""
        answer = page.goto(
            self.base_url() + path.format(**self.names), wait_until='domcontentloaded')
        self.assertEqual(answer.status, 200, path)
        page.wait_for_timeout(300)
        return {
            (path, width, violation['id']): [
                node['html'][:200] for node in violation['nodes']][:3]
            for violation in Axe().run(page).response['violations']}
