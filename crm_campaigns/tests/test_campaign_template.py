from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CampaignCommon

TEMPLATES = ['win_back', 'new_product', 'season_letter', 'first_year']


@tagged('post_install', '-at_install')
class TestCampaignTemplate(CampaignCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaigns = cls.env['utm.campaign'].with_user(cls.roles['marketing_manager'])
        cls.templates = cls.campaigns.union(*(
            cls._template(name).with_env(cls.campaigns.env) for name in TEMPLATES))

    @classmethod
    def _template(cls, name):
        return cls.env.ref(f'crm_campaigns.utm_campaign_template_{name}')

    def _made_from(self, template):
        return self.campaigns.browse(template.action_use_template()['res_id'])

    def test_templates_are_nowhere_to_be_chosen_as_campaigns(self):
        self.assertFalse(self.campaigns.search([('id', 'in', self.templates.ids)]))
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.utm_campaign_template_action')
        found = self.campaigns.with_context(active_test=False).search([('is_template', '=', True)])
        self.assertLessEqual(set(self.templates.ids), set(found.ids))
        self.assertIn('is_template', action['domain'])

    def test_each_template_makes_a_campaign_that_lacks_nothing(self):
        for template in self.templates:
            with self.subTest(template=template.title):
                campaign = self._made_from(template)
                self.assertTrue(campaign.active)
                self.assertFalse(campaign.is_template)
                self.assertEqual(campaign.state, 'draft')
                self.assertEqual(campaign.user_id, self.roles['marketing_manager'])
                self.assertEqual(campaign.step_summary, template.step_summary)
                self.assertFalse(any(campaign.step_ids.mapped('problem')))
                self.assertIn(template.title, campaign.title)
                campaign.audience_id._customers().ids  # noqa: B018

    def test_changing_the_campaign_leaves_the_template_as_it_is(self):
        template = self._template('win_back')
        campaign = self._made_from(self.templates[0])
        campaign.audience_id.criterion_ids.value = 300
        campaign.step_ids.mailing_id.subject = "Changed"
        self.assertEqual(template.audience_id.criterion_ids.value, 200)
        self.assertNotEqual(template.step_ids.mailing_id.subject, "Changed")
        self.assertFalse(template.step_ids.mailing_id.active)

    def test_win_back_finds_whose_rhythm_is_broken(self):
        for days in (460, 430):
            self._sell(self.acorn, days, 100.0)
        for days in (700, 350):
            self._sell(self.birch, days, 100.0)
        campaign = self._made_from(self.templates[0])
        found = campaign.audience_id._customers() & self.customers
        self.assertEqual(found, self.acorn, "Birch buys once a year")

    def test_season_letter_leaves_out_who_owes_something(self):
        audience = self._made_from(self._template('season_letter').with_env(
            self.campaigns.env)).audience_id
        bills = self.old_bill | self.new_bill
        bills.invoice_date_due = self._day(1)
        self.assertFalse(audience._customers() & self.customers)
        bills.invoice_date_due = self._day(-30)
        self.assertEqual(audience._customers() & self.customers, self.acorn | self.birch)
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self._sell(contact, 100, 20.0).invoice_date_due = self._day(90)
        self.assertEqual(audience._customers() & self.customers, self.birch)

    def test_script_of_the_win_back_call_is_for_no_other_call(self):
        campaign = self.env['utm.campaign'].create({'title': "Other", 'step_ids': [
            Command.create({'name': "Call", 'channel': 'call'})]})
        member = self.env['crm.campaign.member'].create({
            'campaign_id': campaign.id, 'partner_id': self.acorn.id,
            'call_step_id': campaign.step_ids.id})
        script = self.env.ref('crm_campaigns.crm_call_script_win_back')
        said = member.get_call_script()
        self.assertNotEqual(said and said['id'], script.id)

    def test_campaign_is_kept_as_template(self):
        campaign = self._made_from(self.templates[0])
        campaign.audience_id.criterion_ids.value = 150
        campaign.title = "Ours"
        template = self.campaigns.browse(campaign.action_save_as_template()['res_id'])
        self.assertRecordValues(
            template, [{'is_template': True, 'active': False, 'title': "Ours", 'state': 'draft'}])
        self.assertEqual(template.audience_id.criterion_ids.value, 150)
        self.assertEqual(len(template.step_ids.with_context(active_test=False).mailing_id), 1)

    def test_template_is_neither_run_nor_restored(self):
        template = self.templates[0]
        for values in ({'active': True}, {'state': 'approval'}):
            with self.subTest(values=values), self.assertRaises(IntegrityError), mute_logger(
                    'odoo.sql_db'), self.env.cr.savepoint():
                template.write(values)
                self.env.flush_all()
        with self.assertRaisesRegex(UserError, "is no template"):
            self._made_from(template).action_use_template()

    def test_who_plans_no_campaigns_makes_none(self):
        for role in ('account_representative', 'service_representative', 'order_manager'):
            template = self.templates[0].with_user(self.roles[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                template.action_use_template()
