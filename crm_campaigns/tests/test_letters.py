import io
from unittest.mock import patch

from lxml import html
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from odoo.addons.crm_campaigns.models import crm_campaign_step_print

from .paper_common import PaperCommon


class Killed(Exception):
    """What ends a process in the middle."""


@tagged('post_install', '-at_install')
class TestLetters(PaperCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('report.print_delay', '1')

    def _letters(self, partners):
        with freeze_time('2026-03-02 12:00:00'):
            return self.letter._letters(
                partners, self.env.company, self.roles['marketing_manager'])

    def _pages(self, paper):
        content = next(paper._contents())
        return [' '.join(page.extract_text().split())
                for page in PdfFileReader(io.BytesIO(content)).pages]

    def test_each_letter_is_in_the_language_of_the_customer(self):
        letters, failed = self._letters(self.acorn | self.cedar)
        self.assertFalse(failed)
        self.assertEqual(
            [letter['subject'] for letter in letters],
            ["News for Acorn Joinery", "Des nouvelles pour Cedar Boats"])
        self.assertEqual(
            [letter['date'] for letter in letters], ["March 2, 2026", "2 mars 2026"])

    def test_a_letter_speaks_of_the_customer_and_of_who_runs_the_campaign(self):
        [letter], _failed = self._letters(self.acorn)
        self.assertIn("Dear Acorn Joinery, your town is Cork.", letter['body'])
        self.assertIn(self.roles['marketing_manager'].name, letter['body'])

    def test_each_letter_has_letterhead_and_address(self):
        letters, _failed = self._letters(self.acorn | self.birch)
        page = html.fromstring(self.letter._letters_html(letters, self.env.company))
        first, second = page.find_class('o_crm_letter')
        [header] = first.find_class('header')
        self.assertIn(self.env.company.name, header.text_content())
        self.assertIn("1 Quay Street", first.text_content())
        self.assertNotIn("1 Quay Street", second.text_content())
        self.assertIn("2 Church Lane", second.text_content())

    @mute_logger('odoo.addons.mail.models.mail_render_mixin')
    def test_a_letter_that_cannot_be_written_holds_up_no_other(self):
        self.letter.body = f"<p t-out=\"1 / (object.id != {self.birch.id})\"/>"
        letters, failed = self._letters(self.customers)
        self.assertEqual(len(letters), 2)
        self.assertEqual(list(failed), [self.birch])
        self.assertIn("division by zero", failed[self.birch])

    def test_letters_in_the_order_of_the_post_and_none_twice_when_killed(self):
        step = self._step('letter', letter_template_id=self.letter.id, unit_cost=1.5)
        self._start()
        self._run()
        self.assertEqual((step.state, step.printing), ('done', True))
        self.assertEqual(step.print_progress, "0 of 3")
        self.assertEqual(set(step.touch_ids.mapped('state')), {'waiting'})
        self.assertEqual(self.campaign.spent, 0)
        with patch.object(crm_campaign_step_print, 'LETTERS', 2):
            with self.assertRaises(Killed), self.env.cr.savepoint():
                step._print_next()
                raise Killed
            self.env.invalidate_all()
            self.assertEqual(step.print_progress, "0 of 3")
            self._print()
        self.assertEqual(step.paper_ids.mapped('is_whole'), [True])
        self.assertEqual(step.paper_ids.count, 3)
        pages = self._pages(step.paper_ids)
        for page, customer in zip(pages, self.cedar | self.birch | self.acorn, strict=True):
            self.assertIn(f"Dear {customer.name}", page)
        self.assertFalse(step.printing)
        self.assertEqual(set(step.touch_ids.mapped('state')), {'done'})
        self.assertEqual(set(self.campaign.member_ids.mapped('state')), {'contacted'})
        self.assertEqual(self.campaign.spent, 4.5)
        self.assertEqual(self.campaign.activity_ids.summary, "3 to print: Step")

    def test_no_part_is_kept_twice(self):
        part = {'step_id': self._step('letter').id, 'first_place': 1, 'count': 2}
        self.env['crm.campaign.paper'].create(part)
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'):
            self.env['crm.campaign.paper'].create(part)

    def test_letters_by_hand_are_done_when_somebody_says_so(self):
        step = self._step('letter')
        self._start()
        self._run()
        self.assertEqual(step.state, 'planned')
        step.with_user(self.roles['marketing_manager']).action_run_now()
        self._run()
        self.assertEqual(step.state, 'done')
        self.assertFalse(step.printing)
        self.assertEqual(set(step.touch_ids.mapped('state')), {'done'})
        self.assertEqual(set(self.campaign.member_ids.mapped('state')), {'contacted'})

    def test_who_may_write_letters(self):
        with self.assertRaises(AccessError):
            self.letter.with_user(self.roles['account_representative']).read(['body'])
        with self.assertRaises(AccessError):
            self.letter.with_user(self.roles['sales_manager']).body = "<p>Mine</p>"
        self.letter.with_user(self.roles['marketing_manager']).body = "<p>Ours</p>"

    def test_not_everybody_may_write_every_placeholder(self):
        marketing = self.roles['marketing_manager']
        self.env['ir.config_parameter'].set_param('mail.restrict.template.rendering', 'True')
        letter = self.letter.with_user(marketing)
        letter.body = "<p>Is <t t-out=\"object.city\"/> your town?</p>"
        self.assertIn('object.city', self.env['res.partner'].mail_allowed_qweb_expressions())
        with self.assertRaises(AccessError):
            letter.body = "<p t-out=\"object.env['res.users'].sudo().search([])\"/>"

    @mute_logger('odoo.addons.mail.models.mail_render_mixin')
    def test_preview_is_of_somebody_the_step_is_for(self):
        step = self._step('letter', letter_template_id=self.letter.id)
        self._start()
        action = step.with_user(self.roles['marketing_manager']).action_preview_letter()
        preview = Form(self.env['crm.letter.preview'].with_user(
            self.roles['marketing_manager']).with_context(**action['context']))
        self.assertIn(preview.partner_id, self.customers)
        preview.partner_id = self.cedar
        self.assertIn("Des nouvelles pour Cedar Boats", preview.html)
        self.letter.body = "<p t-out=\"1 / 0\"/>"
        preview.partner_id = self.acorn
        self.assertIn("division by zero", preview.problem)

    def test_as_many_queries_for_many_letters(self):
        partners = self.env['res.partner'].create([
            {'name': f"Many {place}", 'city': "Cork", 'country_id': self.env.ref('base.ie').id}
            for place in range(50)])
        self._assert_flat(self._letters, partners, more=2)
