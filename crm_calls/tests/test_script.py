from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCommon


@tagged('post_install', '-at_install')
class TestScript(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = cls.env['crm.call.script'].create({
            'name': "Customers", 'res_model': 'res.partner', 'sequence': -10,
            'domain': "[('is_company', '=', True)]",
        })
        cls.greeting, cls.question, cls.goodbye = cls.env['crm.call.script.step'].create([
            {'script_id': cls.script.id, 'sequence': number, 'name': name, 'text': text}
            for number, (name, text) in enumerate([
                ("Greeting", "<p>Good day, this is {{ user.name }} for {{ object.name }}.</p>"),
                ("Question", "<p>Is {{ object.city ||| the town }} still right?</p>"),
                ("Goodbye", "<p>Thank you.</p>"),
            ])
        ])
        cls.go_on, cls.again = cls.env['crm.call.script.choice'].create([
            {'step_id': cls.greeting.id, 'name': "Yes", 'next_step_id': cls.question.id},
            {'step_id': cls.question.id, 'name': "What?", 'next_step_id': cls.greeting.id},
        ])
        cls.caller = cls._create_user('order_manager', 'caller')

    def _render(self, text, **values):
        self.greeting.text = text
        self.customer.write(values)
        return self.greeting.with_user(self.caller)._render_text(
            self.customer.with_user(self.caller))

    # what a caller reads

    def test_placeholders_are_filled_in_for_the_document_and_the_caller(self):
        self.assertEqual(
            self.greeting.with_user(self.caller)._render_text(self.customer),
            f"<p>Good day, this is {self.caller.name} for Quinn Carpentry.</p>")

    def test_empty_field_says_its_default(self):
        self.assertEqual(
            self.question._render_text(self.customer), "<p>Is the town still right?</p>")

    def test_what_stands_in_a_field_is_text_and_not_html(self):
        text = self._render("<p>{{ object.name }}</p>", name="<b onclick='x'>Q & Co</b>")
        self.assertNotIn("<b", text)
        self.assertIn("&lt;b onclick", text)
        text = self._render('<a href="{{object.website}}">x</a>', website="javascript:alert(1)")
        self.assertNotIn('javascript:', text)

    def test_several_records_are_read_out_one_after_the_other(self):
        self.contact.copy({'name': "Pat Quinn"})
        text = self._render("<p>{{ object.child_ids.name }}</p>")
        self.assertIn("Nora Quinn", text)
        self.assertIn(", ", text)

    def test_text_is_in_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.goodbye.with_context(lang='fr_FR').text = "<p>Merci.</p>"
        self.customer.lang = 'fr_FR'
        self.assertEqual(self.goodbye._render_text(self.customer), "<p>Merci.</p>")

    def test_what_the_caller_may_not_see_stays_empty(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        hidden = self.env['res.partner'].create({'name': "Hidden", 'company_id': other.id})
        self.customer.parent_id = hidden
        self.env.flush_all()
        self.env.invalidate_all()
        text = self._render("<p>Part of {{ object.parent_id.name ||| nothing }}</p>")
        self.assertEqual(text, "<p>Part of nothing</p>")

    # what is refused when it is written

    def test_wrong_placeholder_is_named_when_it_is_saved(self):
        for placeholder, message in (
            ('object.nmae', "no field \"nmae\""), ('object.parent_id.nmae', "nmae"),
            ('object.image_1920', "cannot be read"), ('object.name.upper', "cannot be read"),
            ("env['res.users']", "is no placeholder"), ('object.unlink()', "is no placeholder"),
            ('object', "is no placeholder"), ('object.__class__', "is no placeholder"),
        ):
            with (
                self.subTest(placeholder=placeholder),
                self.assertRaisesRegex(ValidationError, f"Greeting.*{message}"),
            ):
                self.greeting.text = f"<p>{{{{ {placeholder} }}}}</p>"

    def test_wrong_placeholder_in_a_translation_is_named(self):
        self.env['res.lang']._activate_lang('fr_FR')
        with self.assertRaisesRegex(ValidationError, "nom"):
            self.goodbye.update_field_translations('text', {
                'fr_FR': {"Thank you.": "Merci, {{ object.nom }}."}})

    def test_objection_card_is_checked_and_filled_in_too(self):
        card = self.env['crm.call.script.objection'].create({
            'script_id': self.script.id, 'name': "Too dear", 'text': "<p>{{ object.name }}!</p>"})
        self.assertEqual(card._prepare_for(self.customer)['text'], "<p>Quinn Carpentry!</p>")
        with self.assertRaises(ValidationError):
            card.text = "<p>{{ object.nmae }}</p>"

    def test_answer_leads_to_a_step_of_its_own_script_only(self):
        copy = self.script.copy()
        with self.assertRaisesRegex(ValidationError, "another script"):
            self.go_on.next_step_id = copy.step_ids[1]

    def test_wrong_condition_is_refused_by_name(self):
        for domain in ("[('nmae', '=', 1)]", "[(", "1 + 1"):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, "Customers"),
                self.cr.savepoint(),
            ):
                self.script.domain = domain

    # the way through

    def test_step_nobody_comes_to_is_told(self):
        self.assertIn("Goodbye", self.script.warning)
        self.assertEqual(
            self.script.step_ids.mapped('is_reachable'), [True, True, False])
        self.again.next_step_id = self.goodbye
        self.assertFalse(self.script.warning)

    def test_loop_is_no_warning(self):
        self.goodbye.unlink()
        self.assertFalse(self.script.warning)

    def test_script_is_found_by_its_conditions_in_their_order(self):
        Script = self.env['crm.call.script']
        second = self.script.copy({'sequence': -5, 'domain': '[]'})
        self.assertEqual(Script._find_for(self.customer), self.script)
        self.assertEqual(Script._find_for(self.contact), second)
        self.script.active = False
        self.assertEqual(Script._find_for(self.customer), second)

    def test_caller_gets_the_script_as_plain_data(self):
        script = self.customer.with_user(self.caller).get_call_script()
        self.assertEqual(script['id'], self.script.id)
        self.assertEqual([step['id'] for step in script['steps']], [
            self.greeting.id, self.question.id])
        self.assertEqual(script['steps'][0]['choices'], [{
            'id': self.go_on.id, 'name': "Yes", 'next_step_id': self.question.id,
            'outcome_id': False}])

    def test_nobody_gets_the_script_of_a_customer_he_does_not_see(self):
        self.script.step_ids.unlink()
        self.assertFalse(self.customer.with_user(self.caller).get_call_script()['steps'])
        self.script.domain = '[]'
        other = self.env['res.company'].create({'name': "Elsewhere"})
        hidden = self.env['res.partner'].create({'name': "Hidden", 'company_id': other.id})
        with self.assertRaises(AccessError):
            hidden.with_user(self.caller).get_call_script()

    def test_copy_leads_on_within_the_copy(self):
        copy = self.script.copy()
        self.assertEqual(copy.name, "Customers (copy)")
        self.assertEqual(copy.step_ids[0].choice_ids.next_step_id, copy.step_ids[1])
        self.assertEqual(self.go_on.next_step_id, self.question)

    # what is kept

    def _check(self, *answers):
        return self.env['crm.call.script']._check_answers(answers, self.customer)

    def test_answers_keep_step_choice_and_words_in_their_order(self):
        self.assertEqual(
            self._check(
                {'step_id': self.greeting.id, 'choice_id': self.go_on.id},
                {'step_id': self.question.id, 'text': " Moved to Kinsale. "},
            ),
            [
                {'step_id': self.greeting.id, 'choice_id': self.go_on.id, 'text': "",
                 'sequence': 1},
                {'step_id': self.question.id, 'choice_id': False, 'text': "Moved to Kinsale.",
                 'sequence': 2},
            ])

    def test_wrong_answers_are_refused_by_name(self):
        other = self.script.copy()
        for answers, message in (
            (["yes"], "consists of"),
            ([{'step': 1}], "consists of"),
            ([{'step_id': 987654321}], "in no script"),
            ([{'step_id': 'x'}], "in no script"),
            ([{}], "in no script"),
            ([{'step_id': self.greeting.id, 'choice_id': self.again.id}], "Choose one of: Yes"),
            ([{'step_id': self.greeting.id}, {'step_id': other.step_ids[0].id}], "several scripts"),
        ):
            with (
                self.subTest(answers=answers),
                self.assertRaisesRegex(UserError, f"Quinn Carpentry.*{message}"),
            ):
                self._check(*answers)

    def _create_answer(self, user=None, **values):
        user = user or self.caller
        call = self.env['crm.call'].with_user(user).create({
            'partner_id': self.customer.id,
            'answer_ids': [Command.create({
                'step_id': self.greeting.id, 'choice_id': self.go_on.id})]})
        return call.answer_ids

    def test_what_was_answered_cannot_be_deleted_from_the_script(self):
        self._create_answer()
        for record in (self.greeting, self.go_on, self.script):
            with self.subTest(record=record), self.assertRaisesRegex(UserError, "Archive it"):
                record.unlink()
        self.greeting.active = False
        self.assertNotIn(self.greeting, self.script.step_ids)

    # who may what

    def test_callers_answer_in_their_own_calls_only(self):
        for role in ('order_manager', 'service_representative', 'account_representative'):
            user = self._create_user(role)
            answer = self._create_answer(user)
            with self.subTest(role=role):
                self.assertEqual(answer.choice_id, self.go_on)
                with self.assertRaises(AccessError):
                    answer.text = "Otherwise"
                with self.assertRaises(AccessError):
                    answer.unlink()
                with self.assertRaises(AccessError):
                    answer.with_user(user).create({
                        'call_id': self._create_answer().call_id.id, 'step_id': self.greeting.id})

    def test_account_representative_reads_the_answers_of_his_accounts(self):
        user = self._create_user('account_representative')
        answer = self._create_answer()
        self.assertNotIn(answer, answer.with_user(user).search([]))
        self.customer.user_id = user
        self.assertIn(answer, answer.with_user(user).search([]))

    def test_lead_deletes_a_call_with_its_answers(self):
        answer = self._create_answer()
        answer.call_id.with_user(self._create_user('call_center_lead')).unlink()
        self.assertFalse(answer.exists())

    def test_answers_of_another_company_stay_there(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        self.env.user.company_ids = [Command.link(other.id)]
        answer = self._create_answer()
        answer.call_id.sudo().company_id = other
        self.assertNotIn(answer, answer.with_user(self.caller).search([]))

    def test_only_the_sales_manager_writes_scripts(self):
        for role in ('order_manager', 'call_center_lead', 'service_supervisor',
                     'account_representative', 'marketing_manager'):
            user = self._create_user(role)
            for record in (self.script, self.greeting, self.go_on):
                with self.subTest(role=role, record=record._name):
                    self.assertTrue(record.with_user(user).name)
                    with self.assertRaises(AccessError):
                        record.with_user(user).name = "Mine"
        self.script.with_user(self._create_user('sales_manager')).name = "Ours"
