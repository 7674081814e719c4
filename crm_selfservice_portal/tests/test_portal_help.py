from lxml import html

from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestPortalHelp(SelfServiceCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.password = 'ann'
        cls.right = cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)])

    def _help(self):
        self.authenticate('ann', 'ann')
        page = html.fromstring(self.url_open('/my/help').content)
        return page.xpath("//main//details")

    def test_every_page_it_leads_to_is_there(self):
        self.right.can_administer = True
        links = {
            link.partition('#')[0] for topic in self._help() for link in topic.xpath('.//a/@href')}
        self.assertGreater(len(links), 8)
        for link in links:
            self.assertEqual(self.url_open(link).status_code, 200, link)

    def test_it_tells_only_what_one_may_do(self):
        everything = len(self._help())
        self.right.write({'can_pay': False, 'can_buy': False})
        topics = self._help()
        self.assertLess(len(topics), everything)
        text = ' '.join(topic.text_content() for topic in topics)
        self.assertNotIn("pay several bills", text)
        self.assertIn("What we owe".lower(), text.lower())
