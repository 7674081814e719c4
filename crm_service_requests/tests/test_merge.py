from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import RequestCommon

# What stays with the request that was merged: its own clocks, and its place in a family.
KEPT = {
    'crm_process_run', 'crm_process_task', 'crm_process_warning', 'crm_process_extension',
    'crm_request_turn', 'ir_model_data', 'mail_followers', 'crm_request'}


class MergeCommon(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False

    def _comment(self, request, author, body="Hello", **values):
        return request.message_post(
            body=body, author_id=author.id, message_type='comment',
            subtype_xmlid='mail.mt_comment', **values)


@tagged('post_install', '-at_install')
class TestMerge(MergeCommon):

    def _create_full(self, **values):
        """Return a request to which something of everything belongs."""
        request = self._create_request(**values)
        self._comment(request, self.acorn, attachments=[('photo.txt', b"broken")])
        self._comment(request, self.roles['service_representative'].partner_id)
        request.message_subscribe(self.colleague.partner_id.ids)
        request.activity_schedule('mail.mail_activity_data_todo', user_id=self.colleague.id)
        self.order_acorn.copy().crm_request_id = request
        self._create_bill(self.acorn).crm_request_id = request
        self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'res_model': 'crm.request', 'res_id': request.id,
            'outcome_id': self.env['crm.call.outcome'].search(
                [('kind', '=', 'progress')], limit=1).id})
        request.rating_apply(3, token=request._rating_get_access_token())
        self.env['calendar.event'].create({
            'name': "Visit", 'start': '2026-03-02 09:00:00', 'stop': '2026-03-02 10:00:00',
            'res_model_id': self.env['ir.model']._get_id('crm.request'), 'res_id': request.id})
        # Whatever else a request may be tied to, such as the bills of a debt.
        for name, field in request._fields.items():
            if field.type == 'many2many' and field.store and not field.compute:
                request[name] = self.env[field.comodel_name].search([], limit=1)
        self.env.cr.flush()
        return request

    def _related_rows(self, requests):
        """Return what the tables of the database say of requests: by table and column, the
        rows that name each of them."""
        self.env.flush_all()
        self.env.cr.execute("""
            SELECT source.relname, attribute.attname, NULL
              FROM pg_constraint reference
              JOIN pg_class source ON source.oid = reference.conrelid
              JOIN pg_attribute attribute ON attribute.attrelid = reference.conrelid
               AND attribute.attnum = reference.conkey[1]
             WHERE reference.contype = 'f' AND reference.confrelid = 'crm_request'::regclass
         UNION ALL
            SELECT document.table_name, document.column_name, kind.column_name
              FROM information_schema.columns document
              JOIN information_schema.columns kind USING (table_schema, table_name)
              JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_type = 'BASE TABLE' AND document.column_name = 'res_id'
               AND kind.column_name IN ('res_model', 'model') """)
        rows = {}
        for table, column, kind in self.env.cr.fetchall():
            if table in KEPT or table.startswith(('crm_request_merge', 'crm_request_split')):
                continue
            condition = f"AND {kind} = 'crm.request'" if kind else ""
            self.env.cr.execute(
                f"SELECT COALESCE(to_jsonb(line) ->> 'id', (to_jsonb(line) - '{column}')::text), "
                f"{column} FROM {table} line WHERE {column} = ANY(%s) {condition}", [requests.ids])
            if found := self.env.cr.fetchall():
                rows[table, column] = found
        return rows

    def test_nothing_is_lost_in_any_table(self):
        survivor, *others = [self._create_full() for _number in range(3)]
        merged = survivor.union(*others) - survivor
        before = self._related_rows(survivor | merged)
        self.assertLessEqual({
            'mail_message', 'ir_attachment', 'mail_activity', 'crm_call', 'rating_rating',
            'sale_order', 'account_move', 'calendar_event'}, {table for table, _column in before})
        merged._merge_into(survivor)
        after = self._related_rows(survivor | merged)
        for place, rows in before.items():
            with self.subTest(place=place):
                moved = {row for row, request_id in after[place] if request_id == survivor.id}
                self.assertFalse({row for row, _request_id in rows} - moved)

    def test_survivor_shows_what_it_has_gained(self):
        survivor, merged = self._create_request(duration=1.5), self._create_full(
            duration=2.25, description="<p>It wobbles.</p>", priority='2',
            origin_ref=f'sale.order,{self.order_acorn.id}')
        order, bill = merged.sale_order_ids, merged.invoice_ids
        activities = merged.activity_ids
        merged._merge_into(survivor)
        self.assertRecordValues(survivor, [{
            'duration': 3.75, 'priority': '2', 'origin_ref': self.order_acorn,
            'sale_order_ids': order.ids, 'invoice_ids': bill.ids, 'rating_last_value': 3,
            'merged_ids': merged.ids}])
        self.assertEqual(len(survivor.call_ids), 1)
        self.assertEqual(survivor.activity_ids, activities)
        self.assertIn("It wobbles.", survivor.description)
        self.assertTrue(survivor.date_first_answer)
        self.assertIn(self.colleague.partner_id, survivor.message_partner_ids)

    def test_merged_is_cancelled_and_its_number_leads_on(self):
        survivor, first, second = (self._create_request() for _number in range(3))
        first._merge_into(second)
        second._merge_into(survivor)
        duplicate = self.env.ref('crm_service_requests.crm_request_resolution_duplicate')
        self.assertRecordValues(first | second, [
            {'state': 'cancelled', 'merged_into_id': second.id, 'resolution_id': duplicate.id},
            {'state': 'cancelled', 'merged_into_id': survivor.id, 'resolution_id': duplicate.id}])
        requests = self.env['crm.request']
        self.assertEqual(requests._find_by_number([first.number, second.number]), survivor)
        self.assertIn(second.number, survivor.message_ids[0].body)
        self.assertIn(survivor.number, second.message_ids[0].body)

    def test_what_is_written_under_the_merged_goes_to_the_survivor(self):
        survivor, merged = self._create_request(), self._create_request()
        merged._merge_into(survivor)
        survivor.action_wait()
        self._comment(merged, self.acorn, "Still broken", attachments=[('new.txt', b"x")])
        message = survivor.message_ids.filtered(lambda message: "Still broken" in message.body)
        self.assertEqual(message.author_id, self.acorn)
        self.assertEqual(message.attachment_ids.mapped('name'), ['new.txt'])
        self.assertEqual((survivor.state, merged.state), ('open', 'cancelled'))

    def test_merged_is_not_opened_again(self):
        survivor, merged = self._create_request(), self._create_request()
        merged._merge_into(survivor)
        with self.assertRaisesRegex(UserError, survivor.number):
            merged.action_reopen()
        with self.assertRaisesRegex(UserError, merged.number):
            merged._merge_into(survivor)
        with self.assertRaisesRegex(UserError, merged.number):
            survivor._merge_into(merged)

    def test_no_family_leads_back_to_itself(self):
        one, two = self._create_request(), self._create_request()
        one._merge_into(two)
        for name in ('merged_into_id', 'split_from_id', 'follows_id'):
            one[name] = two
            with self.subTest(field=name), self.assertRaises(ValidationError):
                two[name] = one

    def test_only_pending_requests_of_one_company_are_merged(self):
        request, closed = self._create_request(), self._create_request()
        self._solve(closed)
        with self.assertRaisesRegex(UserError, closed.number):
            closed._merge_into(request)
        company = self.env['res.company'].create({'name': "Other"})
        foreign = self._create_request(
            company_id=company.id, partner_id=False, team_id=False)
        with self.assertRaisesRegex(UserError, foreign.number):
            foreign._merge_into(request)
        with self.assertRaisesRegex(UserError, "two requests"):
            request._merge_into(request)

    def test_requests_of_different_customers_are_merged_by_supervisors(self):
        request, other = self._create_request(), self._create_request(partner_id=self.birch.id)
        with self.assertRaisesRegex(UserError, "Birch & Sons"):
            self._as(other, 'service_representative')._merge_into(
                self._as(request, 'service_representative'))
        self._as(other, 'service_supervisor')._merge_into(self._as(request, 'service_supervisor'))
        self.assertEqual(other.merged_into_id, request)

    def test_details_are_filled_where_they_are_empty(self):
        survivor, merged = (self._create_request('complaint') for _number in range(2))
        names = [line['name'] for line in survivor.read(['properties'])[0]['properties']
                 if line['type'] in ('char', 'text')]
        if not names:
            self.types['complaint'].properties_definition = [
                {'name': 'place', 'type': 'char', 'string': "Place"},
                {'name': 'part', 'type': 'char', 'string': "Part"}]
            names = ['place', 'part']
        merged.properties = {names[0]: "Berlin"}
        survivor.properties = {names[-1]: "Leg"} if len(names) > 1 else {}
        merged._merge_into(survivor)
        self.assertEqual(survivor.properties[names[0]], "Berlin")
        if len(names) > 1:
            self.assertEqual(survivor.properties[names[-1]], "Leg")

    def test_wizard_proposes_the_oldest_and_warns_of_different_customers(self):
        newer = self._create_request(
            date_received='2026-03-03 09:00:00', partner_id=self.birch.id)
        older = self._create_request(date_received='2026-03-02 09:00:00')
        wizard = Form(self.env['crm.request.merge'].with_user(
            self.roles['service_supervisor']).with_context(
            active_model='crm.request', active_ids=(newer | older).ids))
        self.assertEqual(wizard.survivor_id, older)
        self.assertIn("Birch & Sons", wizard.customers)
        wizard.save().action_merge()
        self.assertEqual(newer.merged_into_id, older)

    def test_likely_duplicates_are_of_the_customer_pending_and_alike(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        request = self._create_request(name="Where is my bench?")
        like = self._create_request(name="RE: where is my bench", partner_id=contact.id)
        self._create_request(name="Bill of January")
        self._create_request(name="Where is my bench?", partner_id=self.birch.id)
        self._create_request(name="Where is my bench?").action_cancel()
        stranger = [self._create_request(
            name="Where is my bench?", partner_id=False, email_from='joe@example.com')
            for _number in range(2)]
        self.assertEqual(request._likely_duplicates()[request], like)
        self.assertEqual(stranger[0]._likely_duplicates()[stranger[0]], stranger[1])
        self.assertEqual(request.duplicate_count, 1)
        self.assertEqual(
            request.action_merge()['context']['default_request_ids'], (request | like).ids)

    def test_many_requests_cost_as_many_statements_as_few_to_compare(self):
        counts = []
        for number in (1, 5, 50):
            requests = self.env['crm.request'].concat(*(
                self._create_request() for _number in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            requests.mapped('duplicate_count')
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_who_may_not_write_a_request_does_not_merge_it(self):
        request, other = self._create_request(), self._create_request()
        self._assert_refused(
            self._as(other, 'marketing_manager')._merge_into,
            self._as(request, 'marketing_manager'))
        payment = self._create_request('payment')
        self._assert_refused(
            self._as(payment, 'service_representative')._merge_into,
            self._as(request, 'service_representative'))


@tagged('post_install', '-at_install')
class TestSplit(MergeCommon):

    def test_chosen_messages_become_a_request_of_another_type(self):
        service = self.roles['service_supervisor']
        request = self._create_request(priority='1')
        request.message_subscribe(self.colleague.partner_id.ids)
        self._comment(request, self.acorn, "Where is it?")
        about = self._comment(
            request, self.acorn, "And the leg is broken.", attachments=[('leg.txt', b"leg")])
        action = request.with_user(service).action_split()
        wizard = Form(self.env['crm.request.split'].with_user(service).with_context(
            **action['context']))
        wizard.type_id = self.types['warranty']
        wizard.name = "Broken leg"
        self.assertEqual([line.id for line in wizard.message_ids], about.ids)
        new = self.env['crm.request'].browse(wizard.save().action_split()['res_id'])
        self.assertRecordValues(new, [{
            'name': "Broken leg", 'type_id': self.types['warranty'].id, 'priority': '1',
            'partner_id': self.acorn.id, 'split_from_id': request.id, 'state': 'new'}])
        self.assertTrue(new.number.startswith('WAR/'))
        self.assertIn("leg is broken", new.description)
        self.assertNotIn("Where is it?", new.description)
        self.assertIn(self.colleague.partner_id, new.message_partner_ids)
        self.assertEqual(self.env['ir.attachment'].search([
            ('res_model', '=', 'crm.request'), ('res_id', '=', new.id)]).mapped('name'),
            ['leg.txt'])
        self.assertIn(new.number, request.message_ids[0].body)
        self.assertIn(request.number, new.message_ids[0].body)
        self.assertEqual(about.res_id, request.id, "the original keeps its messages")

    def test_text_of_ones_own_is_enough_and_nothing_is_not(self):
        request = self._create_request()
        wizard = self.env['crm.request.split'].create({
            'request_id': request.id, 'type_id': self.types['help'].id, 'name': "Training"})
        with self.assertRaisesRegex(UserError, request.number):
            wizard.action_split()
        wizard.description = "<p>He wants a training, too.</p>"
        wizard.action_split()
        self.assertIn("training", request.split_ids.description)

    def test_who_may_not_write_a_request_does_not_split_it(self):
        request = self._create_request('payment')
        self._assert_refused(
            self._as(request, 'service_representative')._split,
            {'type_id': self.types['help'].id, 'name': "Part"}, self.env['ir.attachment'])
