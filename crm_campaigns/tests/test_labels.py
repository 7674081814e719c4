import base64
import doctest
import io
import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.crm_campaigns import labels

from .paper_common import PaperCommon

POINTS = 72 / 25.4
TEXT = re.compile(rb'1 0 0 1 ([\d.]+) ([\d.]+) Tm')
EDGES = re.compile(rb'([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re')


def pages(content):
    return list(PdfFileReader(io.BytesIO(content)).pages)


def found(page, pattern):
    """Return the numbers of what is drawn on a page, in millimetres."""
    return [
        tuple(float(number) / POINTS for number in match)
        for match in pattern.findall(page.get_contents().get_data())]


@tagged('post_install', '-at_install')
class TestLabels(PaperCommon):

    def _wizard(self, user=None, **values):
        return self.env['crm.label.print'].with_user(user or self.env.user).create({
            'sheet_id': self.sheet.id, 'partner_ids': self.customers.ids, **values})

    def test_examples(self):
        self.assertFalse(doctest.testmod(labels).failed)

    def test_labels_lie_where_they_are_on_the_sheet(self):
        for name, last in (
                ('l7160', (7.25 + 2 * 66, 15.15 + 6 * 38.1)),
                ('l7163', (4.65 + 101.6, 15.15 + 6 * 38.1)),
                ('5160', (4.76 + 2 * 69.85, 12.7 + 9 * 25.4))):
            sheet = self.env.ref(f'crm_campaigns.crm_label_sheet_{name}')
            many = self.env['res.partner'].browse(self.acorn.ids * (sheet.label_count + 1))
            first, second = pages(sheet._labels_pdf(many, self.env.company, outlines=True))
            edges = found(first, EDGES)
            with self.subTest(sheet=name):
                self.assertEqual(len(edges), sheet.label_count)
                self._assert_at(sheet, edges[0], sheet.margin_left, sheet.margin_top)
                self._assert_at(sheet, edges[-1], *last)
                self._assert_at(
                    sheet, found(second, EDGES)[0], sheet.margin_left, sheet.margin_top)
                for (left, base), (edge, bottom, _width, _height) in zip(
                        found(first, TEXT), edges, strict=True):
                    self.assertAlmostEqual(left, edge + sheet.padding, delta=0.1)
                    self.assertTrue(
                        bottom + sheet.label_height / 2 < base < bottom + sheet.label_height)

    def _assert_at(self, sheet, edges, left, top):
        """Assert that a label has its place and size, to a tenth of a millimetre."""
        for value, expected in zip(edges, (
                left, sheet.page_height - top - sheet.label_height,
                sheet.label_width, sheet.label_height), strict=True):
            self.assertAlmostEqual(value, expected, delta=0.1)

    def test_addresses_as_the_post_wants_them(self):
        company = self.env.company
        self.assertEqual(
            self.acorn._postal_lines(company), ["Acorn Joinery", "1 Quay Street", "Cork T12 AB34"])
        self.assertEqual(
            self.cedar._postal_lines(company),
            ["Cedar Boats", "3 rue du Port", "33000 Bordeaux", "FRANCE"])
        person = self.env['res.partner'].create({
            'name': "Ann", 'parent_id': self.acorn.id, 'type': 'contact'})
        self.assertEqual(person._postal_lines(company)[:2], ["Acorn Joinery", "Ann"])

    def test_labels_begin_where_the_sheet_is_not_used_up(self):
        wizard = self._wizard(start=5)
        wizard.action_print()
        [page] = pages(base64.b64decode(wizard.file))
        # The fifth is the second of the second row.
        left, base = found(page, TEXT)[0]
        self.assertAlmostEqual(left, 7.25 + 66 + 3, delta=0.1)
        self.assertTrue(15.15 + 38.1 < 297 - base < 15.15 + 2 * 38.1)
        wizard.start = 22
        with self.assertRaisesRegex(UserError, "no label 22"):
            wizard.action_print()

    def test_who_has_no_address_gets_no_label(self):
        self.acorn.write({'street': False, 'zip': False})
        self.birch.city = False
        wizard = self._wizard()
        self.assertEqual((wizard.count, wizard.left_out_count), (1, 2))
        self.cedar.city = False
        with self.assertRaisesRegex(UserError, "postal address"):
            self._wizard().action_print()

    def test_labels_from_the_list_of_customers_and_from_an_audience(self):
        wizard = self.env['crm.label.print'].with_user(
            self.roles['account_representative']).with_context(
            active_model='res.partner', active_ids=self.birch.ids).create({})
        self.assertEqual(wizard.partner_ids, self.birch)
        action = self.audience.action_print_labels()
        form = Form(self.env['crm.label.print'].with_user(
            self.roles['marketing_manager']).with_context(**action['context']))
        self.assertEqual(form.count, 3)
        self.assertIn("33000 Bordeaux", form.preview)
        form.start = 22
        self.assertFalse(form.preview)
        with self.assertRaises(AccessError):
            self._wizard(
                self.roles['account_representative'], audience_id=self.audience.id).read(['count'])

    def test_labels_of_a_step(self):
        step = self._step('label')
        self.assertIn("choose a sheet", step.problem)
        step.label_sheet_id = self.sheet
        self.acorn.city = False
        self._start()
        self._run()
        self.assertEqual(self._skipped(step), {self.acorn: 'no_address'})
        self._print()
        self.assertEqual(step.paper_ids.count, 2)
        [page] = pages(next(step.paper_ids._contents()))
        self.assertLess(*map(page.extract_text().index, ("Bordeaux", "Athlone")))
        self.assertEqual(
            set(step.touch_ids.filtered(lambda touch: not touch.skip_reason).mapped('state')),
            {'done'})
        self.assertTrue(step.with_user(self.roles['sales_manager']).paper_ids.file)
        with self.assertRaises(AccessError):
            step.paper_ids.with_user(self.roles['account_representative']).read(['file'])

    def test_print_again_reaches_nobody_anew(self):
        step = self._step('label', label_sheet_id=self.sheet.id)
        self._start()
        self._run()
        self._print()
        before, touches = step.paper_ids, step.touch_ids
        step.with_user(self.roles['marketing_manager']).action_print_again()
        self._print()
        self.assertFalse(before.exists())
        self.assertEqual(step.paper_ids.count, 3)
        self.assertEqual(step.touch_ids, touches)
        self.assertEqual(set(touches.mapped('state')), {'done'})

    def test_only_marketing_managers_print_again(self):
        step = self._step('label', label_sheet_id=self.sheet.id)
        step.with_user(self.roles['marketing_manager']).action_print_again()
        for role in set(self.roles) - {'marketing_manager'}:
            with self.subTest(role=role), self.assertRaises(AccessError):
                step.with_user(self.roles[role]).action_print_again()

    def test_sheets_that_cannot_be(self):
        for values, message in (
                ({'pitch_x': 60}, "overlap"), ({'rows': 8}, "do not fit"),
                ({'padding': 20}, "no room")):
            with self.subTest(values=values), self.assertRaisesRegex(
                    ValidationError, message), self.env.cr.savepoint():
                self.sheet.write(values)

    def test_paper_has_its_size(self):
        self.sheet.write({'paper': 'letter', 'rows': 6})
        self.assertEqual((self.sheet.page_width, self.sheet.page_height), (215.9, 279.4))
