import doctest
import io
from datetime import date, datetime

import xlwt

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.crm_campaigns import prospect_columns, prospect_file, prospect_signature

from .prospect_common import ProspectCommon

UMLAUTS = "Name;Firma;Ort\nJörg Müller;Bäckerei Groß;Köln\nGünther Weiß;Tischlerei;Nürnberg\n"
POLISH = "Nazwa;Firma;Miasto\nŁukasz Żółć;Stolarnia Źródło;Łódź\nŚwiętosława Gęś;Meble;Poznań\n"
RUSSIAN = "Name;Company;City\nИван Петров;Столярная мастерская;Москва\nПётр Иванов;Мебель;Тверь\n"


@tagged('post_install', '-at_install')
class TestProspectFile(ProspectCommon):
    """Files as they come: each is read, or it is said why not."""

    def test_examples(self):
        for module in (prospect_columns, prospect_file, prospect_signature):
            with self.subTest(module=module.__name__):
                found = doctest.testmod(module)
                self.assertTrue(found.attempted)
                self.assertFalse(found.failed)

    def test_character_sets_are_recognised(self):
        for text, encoding, name in (
                (UMLAUTS, 'utf-8', "Jörg Müller"), (UMLAUTS, 'utf-8-sig', "Jörg Müller"),
                (UMLAUTS, 'utf-16', "Jörg Müller"), (UMLAUTS, 'windows-1252', "Jörg Müller"),
                (POLISH, 'windows-1250', "Łukasz Żółć"), (RUSSIAN, 'windows-1251', "Иван Петров"),
                (RUSSIAN, 'koi8-r', "Иван Петров")):
            with self.subTest(encoding=encoding):
                upload = self._upload(text.encode(encoding))
                self.assertEqual(upload.encoding, encoding)
                self.assertEqual(self._columns(upload), ['name', 'company_name', 'city'])
                self.assertIn(name, upload.preview)

    def test_character_set_that_was_chosen_wrongly_is_told(self):
        upload = self._upload(UMLAUTS.encode('windows-1252'))
        upload.encoding = 'utf-8'
        self.assertIn("Choose another one", upload.problem)
        with self.assertRaisesRegex(UserError, "which column holds|Choose another one"):
            upload.action_read()
        upload.encoding = 'iso-8859-1'
        self.assertFalse(upload.problem)
        upload.action_read()
        self.assertEqual(upload.row_ids.mapped('name'), ["Jörg Müller", "Günther Weiß"])

    def test_separators_are_recognised(self):
        for separator in ';,\t|':
            with self.subTest(separator=separator):
                upload = self._upload(separator.join(["Name", "E-Mail"]) + '\n' + separator.join(
                    ['"Ann, the one; \tor | other"', "ann@a.example"]))
                self.assertEqual(upload.separator, separator)
                self.assertEqual(self._columns(upload), ['name', 'email'])

    def test_separator_that_was_chosen_wrongly_can_be_changed(self):
        with Form(self.imports) as form:
            form.file = self._upload("Name;Mail\nAnn;ann@a.example").file
            form.separator = ','
            self.assertEqual(len(form.column_ids), 1)
            form.separator = ';'
            self.assertEqual(len(form.column_ids), 2)
        self.assertEqual(self._columns(form.record), ['name', 'email'])

    def test_titles_above_the_headings_are_left_out(self):
        upload = self._upload("Prospects of May;;\n\nName;Mail;Phone\nAnn;ann@a.example;\n")
        self.assertEqual(upload.heading_line, 3)
        upload.action_read()
        self.assertEqual(upload.row_ids.mapped('line'), [4])

    def test_without_headings_columns_are_told_by_what_is_in_them(self):
        upload = self._upload(
            "Acorn Ltd;Ann Smith;ann@a.example;021 555 0100;www.a.example\n"
            "Birch GmbH;Bob Hill;bob@b.example;021 555 0101;www.b.example\n")
        self.assertEqual(upload.heading_line, 0)
        self.assertEqual(
            self._columns(upload), ['company_name', 'name', 'email', 'phone', 'website'])
        upload.action_read()
        self.assertEqual(upload.row_ids.mapped('name'), ["Ann Smith", "Bob Hill"])

    def test_columns_that_nothing_is_known_of_are_chosen_by_hand(self):
        upload = self._upload("Wer;Farbe\nAnn;blau\n")
        upload.heading_line = 1
        with self.assertRaisesRegex(UserError, "say which column"):
            upload.action_read()
        upload.column_ids[0].field = 'name'
        upload.column_ids[1].field = 'note'
        upload.action_read()
        self.assertRecordValues(upload.row_ids, [{
            'name': "Ann", 'note': "blau", 'raw': "Wer: Ann\nFarbe: blau"}])

    def test_empty_lines_are_no_lines_but_counted(self):
        rows = self._read("\n\nName;Mail\n\n;;\nAnn;ann@a.example\n  ;  \nBob;bob@a.example\n\n")
        self.assertEqual(rows.mapped('line'), [6, 8])

    def test_quotation_mark_that_is_not_closed_spoils_its_line_only(self):
        rows = self._read('Name;Mail\n"Ann;ann@a.example\nBob;bob@a.example\n')
        self.assertEqual(rows.mapped('state'), ['problem', 'ready'])
        self.assertIn("quotation mark", rows[0].reason)
        self.assertEqual(rows[1].name, "Bob")

    def test_cells_over_several_lines_are_one(self):
        rows = self._read('Name;Street\nAnn;"Mill Road 4\nBack yard"\nBob;Quay 1\n')
        self.assertEqual(rows.mapped('line'), [2, 4])
        self.assertEqual(rows[0].street, "Mill Road 4\nBack yard")

    def test_names_in_two_columns_are_put_together(self):
        rows = self._read("Vorname;Nachname;Mobil\nAnn;Smith;087 123 4567\n")
        self.assertRecordValues(rows, [{'name': "Ann Smith", 'phone': "087 123 4567"}])

    def test_files_that_are_none_are_told(self):
        for content, name, problem in (
                (b'   \n\n', 'empty.csv', "nothing in this file"),
                (b'PK\x03\x04 no workbook', 'broken.xlsx', "no workbook"),
                (b'no workbook either', 'broken.xls', "no workbook"),
                (self._workbook(One=[]), 'empty.xlsx', "nothing in this file")):
            with self.subTest(name=name):
                upload = self._upload(content, name)
                self.assertIn(problem, upload.problem)
                self.assertFalse(upload.column_ids)

    def test_null_bytes_and_control_characters_are_left_out(self):
        rows = self._read(b'Name;Mail\nA\x00nn\x07;ann@a.example\n')
        self.assertEqual(rows.name, "Ann")


@tagged('post_install', '-at_install')
class TestProspectWorkbook(ProspectCommon):

    def test_first_sheet_with_something_in_it_is_read(self):
        book = self._workbook(
            Empty=[], People=[["Name", "Mail"], ["Ann", "ann@a.example"]],
            More=[["Name", "Mail"], ["Bob", "bob@a.example"]])
        upload = self._upload(book, 'people.xlsx')
        self.assertEqual(upload.sheet_names, "Empty, People, More")
        self.assertIn("Ann", upload.preview)
        upload.sheet = "More"
        upload.action_read()
        self.assertEqual(upload.row_ids.name, "Bob")

    def test_what_is_joined_over_lines_is_in_each_of_them(self):
        rows = self._read(self._workbook(People=[
            ["People we met", None, None], ["Company", "Name", "Mail"],
            ["Acorn Ltd", "Ann", "ann@a.example"], [None, "Bob", "bob@a.example"],
            'A1:C1', 'A3:A4']), 'people.xlsx')
        self.assertEqual(rows.mapped('company_name'), ["Acorn Ltd", "Acorn Ltd"])
        self.assertEqual(rows.mapped('line'), [3, 4])

    def test_numbers_dates_and_formulas_are_read_as_they_are_shown(self):
        rows = self._read(self._workbook(People=[
            ["Name", "Mail", "Zip", "Note"],
            ["Ann", "ann@a.example", 50667.0, datetime(2026, 1, 5)],
            [date(2026, 1, 5), "bob@a.example", 4.5, '=1+1'],
            ['=CONCATENATE("a","b")', "cid@a.example", None, True]]), 'people.xlsx')
        self.assertEqual(rows.mapped('zip'), ["50667", "4.5", False])
        self.assertEqual(rows[0].note, "2026-01-05")
        self.assertIn("is a date", rows[1].reason)
        # The file was saved without what the formula gives.
        self.assertIn("is a formula", rows[2].reason)

    def test_old_workbooks_are_read_by_the_import_of_odoo(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("People")
        for line, cells in enumerate([["Name", "Mail", "Zip"], ["Ann", "ann@a.example", 1234]]):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell)
        content = io.BytesIO()
        book.save(content)
        rows = self._read(content.getvalue(), 'people.xls')
        self.assertRecordValues(rows, [{'name': "Ann", 'zip': "1234", 'state': 'ready'}])
