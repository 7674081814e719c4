from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_roles.tests.mixins import RulesMixin

from .prospect_common import ProspectCommon

HEAD = "Name;Company;Mail;Phone;Zip;City;Country;Tax ID\n"


@tagged('post_install', '-at_install')
class TestProspectProblems(ProspectCommon):
    """Lines with which something is wrong are told, and mended in the list."""

    def test_each_problem_is_told_and_the_others_go_on(self):
        for line, problem in (
                (";;;021 555 0100;;Cork", "neither a name"),
                ("=cmd|' /C calc'!A0;;a@a.example", "Name is a formula"),
                ("Ann;@SUM(A1);a@a.example", "Company is a formula"),
                ("#REF!;;a@a.example", "Name is a formula"),
                ("2026-01-05;;a@a.example", "Name is a date"),
                ("05-Jan;;a@a.example", "Name is a date"),
                (f"{'A' * 2000};;a@a.example", "has 2000 characters"),
                ("12345;;a@a.example", "has no letters"),
                ("Ann;;ann", "ann is no mail address"),
                ("Ann;;ann@a", "is no mail address"),
                ("Ann;;ann@a.example, bob@a.example", "more than one mail address"),
                ("Ann;;;ask Bob", "ask Bob is no phone number"),
                ("Ann;;;;;;Atlantis", "Atlantis is no country"),
                ("Ann;;a@a.example;;;;;;;extra", "10 cells, but there are 8 columns")):
            with self.subTest(line=line[:40]):
                rows = self._read(f'{HEAD}{line}\nEve;;eve@e.example\n')
                self.assertEqual(rows.mapped('state'), ['problem', 'ready'])
                self.assertIn(problem, rows[0].reason)
                self.assertEqual(rows[0].line, 2)

    def test_names_that_only_look_odd_are_names(self):
        rows = self._read(
            f"{HEAD}May Day;;a@a.example\nMark 5 Ltd;;b@a.example\n3M;3M;c@a.example\n"
            "O'Brien-Ní Ógáin;1. FC Werkstatt;d@a.example;+353 (0)21 555-0100 ext. 5\n")
        self.assertEqual(rows.mapped('reason'), [False] * 4)

    def test_countries_are_known_by_many_names(self):
        rows = self._read(f"{HEAD}" + ''.join(
            f"Ann;;a{place}@a.example;;;;{name}\n" for place, name in enumerate(
                ("Deutschland", "DE", "germany", "Allemagne", "UK", "Österreich"))))
        self.assertEqual(
            rows.country_id.mapped('code'), ['DE', 'GB', 'AT'])

    def test_what_is_mended_is_taken_over_later(self):
        rows = self._read(f"{HEAD}Ann;;ann\nBob;;bob@b.example\nCid;;c@c.example;;;;;;;more\n")
        rows.import_id.action_take_all()
        self.assertEqual(rows.mapped('state'), ['problem', 'done', 'problem'])
        with self.assertRaisesRegex(UserError, "ann is no mail address"):
            rows[0].action_take()
        rows[0].email = 'ann@a.example'
        # The cells that were too many stay where they are shown; whoever writes has seen them.
        self.assertIn("more", rows[2].raw)
        rows[2].note = "more"
        self.assertEqual(rows.mapped('state'), ['ready', 'done', 'ready'])
        rows.import_id.action_take_all()
        self.assertEqual(rows.mapped('state'), ['done'] * 3)
        self.assertEqual(rows[0].partner_id.email, 'ann@a.example')

    def test_what_odoo_refuses_is_told_and_holds_up_no_other(self):
        partners = type(self.env['res.partner'])
        create = partners.create

        def refuse(records, vals_list):
            if any(vals.get('vat') == 'XX' for vals in vals_list):
                raise ValidationError(self.env._("XX is no tax ID."))
            return create(records, vals_list)

        self.patch(partners, 'create', refuse)
        rows = self._read(HEAD + ''.join(
            f"P{number};;p{number}@p.example;;;;;{'XX' if number == 3 else ''}\n"
            for number in range(6)))
        rows.action_take()
        self.assertEqual(
            rows.mapped('state'), ['done', 'done', 'done', 'problem', 'done', 'done'])
        self.assertEqual(rows[3].reason, "XX is no tax ID.")

    def test_what_was_taken_over_is_kept_as_it_is(self):
        rows = self._read(f"{HEAD}Ann;;ann@a.example\nBob;;bob@b.example\n")
        rows[0].action_take()
        with self.assertRaisesRegex(UserError, "change the customer instead"):
            rows[0].email = 'other@a.example'
        with self.assertRaisesRegex(UserError, "Keep it"):
            rows[0].unlink()
        rows[1].unlink()


@tagged('post_install', '-at_install')
class TestProspectDuplicates(ProspectCommon):
    """Who is known is found, whatever he is known by, and nobody is made twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.corrib = cls.env['res.partner'].create({
            'name': "Corrib Timber Frames Ltd", 'is_company': True, 'zip': 'H91 TF03',
            'email': 'office@corrib.example', 'phone': '+353 91 555 123', 'vat': 'IE1234567T'})

    def _of(self, line):
        [*others, row] = self._read(HEAD + line)
        return row

    def test_what_tells_who_is_known(self):
        for line, kind, action in (
                ("Ann;Other Ltd;OFFICE@corrib.example", 'email', 'update'),
                ("Ann;Other Ltd;;;;;;ie 123.4567-T", 'vat', 'update'),
                ("Ann;Other Ltd;;091 555 123", 'phone', 'update'),
                ("Ann;Other Ltd;ann@other.example;091 555 123", 'phone', False),
                ("Ann;corrib timber-frames LIMITED;ann@x.example", 'company', 'update'),
                ("Ann;Corrib Timber Frames;;;D08 1234", 'company', False),
                ("Ann;Corib Timber Frame;ann@x.example", 'name', False),
                (";Corrib Timbr Frames;;;H91 TF03", 'name', False)):
            with self.subTest(line=line):
                row = self._of(line)
                self.assertRecordValues(row, [{
                    'duplicate_id': self.corrib.id, 'duplicate_kind': kind, 'action': action,
                    'state': 'ready' if action else 'unclear'}])

    def test_who_is_somebody_else(self):
        for line in (
                "Ann;Corrib Boats;ann@x.example",
                "Ann;Corib Timber Frames;;;D08 1234",
                ";Corrib Timber Frames 2;x@x.example"):
            with self.subTest(line=line):
                self.assertRecordValues(self._of(line), [{
                    'duplicate_id': False, 'action': 'create', 'state': 'ready'}])

    def test_postgresql_tells_the_same(self):
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        pairs = self._of("Ann;Corib Timber Frame;ann@x.example")._similar_pairs
        [by_hand] = [score for *_pair, score in pairs()]
        self.patch(self.env.registry, 'has_trigram', True)
        [told] = [score for *_pair, score in pairs()]
        self.assertAlmostEqual(told, by_hand, places=5)

    def test_archived_customer_is_for_a_person_to_decide(self):
        self.corrib.active = False
        self.assertRecordValues(self._of("Ann;;office@corrib.example"), [{
            'duplicate_id': self.corrib.id, 'state': 'unclear'}])

    def test_customers_of_other_companies_are_not_told(self):
        self.corrib.company_id = self.env['res.company'].create({'name': "Elsewhere"})
        self.assertFalse(self._of("Ann;;office@corrib.example").duplicate_id)

    def test_duplicates_in_the_file(self):
        rows = self._read(
            f"{HEAD}Ann;Acorn Boats;ann@a.example\nBob;Acorn Boats Ltd;bob@a.example\n"
            "Ann;Acorn Boats;ann@a.example\nDan;;ANN@a.example\n;Acorn Boatz;x@x.example\n")
        self.assertEqual(
            [(row.duplicate_kind, row.duplicate_row_id.line, row.state) for row in rows],
            [(False, 0, 'ready'), ('company', 2, 'ready'), ('line', 2, 'skipped'),
             ('email', 2, 'ready'), ('name', 2, 'unclear')])
        rows.import_id.action_take_all()
        company = rows[0].partner_id.parent_id
        self.assertEqual(company.name, "Acorn Boats")
        self.assertEqual(company.child_ids.mapped('name'), ["Ann", "Bob"])
        self.assertEqual(rows[3].partner_id.commercial_partner_id, company)

    def test_first_line_in_the_way_does_not_lose_the_second(self):
        rows = self._read(f"{HEAD}=A1;;ann@a.example\nAnn;;ann@a.example\n")
        rows.import_id.action_take_all()
        self.assertEqual(rows[1].partner_id.name, "Ann")
        rows[0].name = "Ann"
        self.assertEqual(rows[0].duplicate_id, rows[1].partner_id)

    def test_what_is_known_is_filled_in_and_not_changed(self):
        self.corrib.phone = False
        row = self._of("Ann;Other Ltd;office@corrib.example;091 555 999;D08 1234;Galway;Ireland")
        row.action_take()
        self.assertRecordValues(self.corrib, [{
            'name': "Corrib Timber Frames Ltd", 'phone': "091 555 999", 'zip': 'H91 TF03',
            'city': "Galway", 'country_id': self.env.ref('base.ie').id}])

    def test_people_of_a_company_that_is_known_become_its_contacts_once(self):
        row = self._of("Ann;Corrib Timber Frames;ann@corrib.example;;;;;")
        row.action_take()
        self.assertEqual(row.partner_id, self.corrib.child_ids)
        self.assertEqual(row.partner_id.email, 'ann@corrib.example')
        again = self._of("ANN;Corrib Timber Frames;;;;;Ireland;")
        again.action_take()
        self.assertEqual(again.partner_id, row.partner_id)

    def test_same_file_again_makes_nobody_twice(self):
        text = f"{HEAD}Ann;Acorn Boats;ann@a.example\nZoe;;\n;Birch Works;;;T12 AB12;Cork\n"
        rows = self._read(text)
        rows.import_id.action_take_all()
        count = self.env['res.partner'].search_count([])
        again = self._upload(text)
        self.assertEqual(again.twin_id, rows.import_id)
        again.action_read()
        self.assertEqual(set(again.row_ids.mapped('state')), {'skipped'})
        self.assertEqual(again.row_ids.duplicate_id, rows.partner_id)
        again.row_ids.action_reopen()
        again.row_ids.filtered(lambda row: row.state == 'skipped').action = 'update'
        again.action_take_all()
        self.assertEqual(again.row_ids.mapped('state'), ['done'] * 3)
        self.assertEqual(self.env['res.partner'].search_count([]), count)

    def test_who_became_known_meanwhile_is_not_made_again(self):
        row = self._of("Ann;;ann@a.example")
        ann = self.env['res.partner'].create({'name': "Ann", 'email': 'ann@a.example'})
        row.action_take()
        self.assertEqual(row.partner_id, ann)

    def test_person_decides(self):
        same = self._of(";Corib Timber Frames;x@x.example")
        same.action_update()
        self.assertEqual(same.partner_id, self.corrib)
        other = self._of(";Corib Timber Frams;y@x.example")
        other.action_create()
        self.assertEqual(other.partner_id.name, "Corib Timber Frams")
        left = self._of(";Corib Timbr Frames;z@x.example")
        left.action_skip()
        self.assertRecordValues(left, [{'state': 'skipped', 'partner_id': False}])
        left.action_reopen()
        self.assertEqual(left.state, 'unclear')


@tagged('post_install', '-at_install')
class TestProspectTaken(ProspectCommon):
    """What becomes of prospects: customers with all that is known, and members."""

    def _campaign(self, **values):
        audience = self.env['crm.audience'].create({'name': "Acorn", 'criterion_ids': [
            Command.create({
                'source': 'customer', 'partner_domain': str([('id', 'in', self.acorn.ids)])})]})
        return self.env['utm.campaign'].with_user(self.roles['marketing_manager']).create(
            {'title': "Autumn", 'audience_id': audience.id, **values})

    def test_company_and_person_get_what_belongs_to_them(self):
        source = self.env['utm.source'].create({'name': "Fair"})
        campaign = self._campaign()
        row = self._read(
            "Name;Company;Position;Mail;Phone;Web;Street;Zip;City;Country;Remark\n"
            "Ann Smith;Acorn Boats;Buyer;ann@a.example;021 555 0100;www.a.example;Quay 1;T12;Cork"
            ";Ireland;likes oak\n",
            source_id=source.id, campaign_id=campaign.id)
        row.action_take()
        person = row.partner_id
        self.assertRecordValues(person, [{
            'name': "Ann Smith", 'function': "Buyer", 'email': 'ann@a.example',
            'phone': '021 555 0100', 'is_company': False, 'city': "Cork"}])
        self.assertRecordValues(person.parent_id, [{
            'name': "Acorn Boats", 'is_company': True, 'email': 'ann@a.example',
            'street': "Quay 1", 'zip': "T12", 'website': 'http://www.a.example',
            'prospect_source_id': source.id, 'prospect_campaign_id': campaign.id}])
        self.assertIn("likes oak", person.parent_id.comment)

    def test_tags_are_added(self):
        tag = self.env['res.partner.category'].create({'name': "Met"})
        rows = self._read(
            f"{HEAD}Ann;;ann@a.example\nBob;;acorn@example.com\n", tag_ids=[Command.link(tag.id)])
        rows.action_take()
        self.assertEqual(tag.partner_ids, rows[0].partner_id | self.acorn)

    def test_address_alone_is_a_name(self):
        row = self._read(f"{HEAD};;ann@a.example\n")
        row.action_take()
        self.assertEqual(row.partner_id.name, 'ann@a.example')

    def test_members_of_a_running_campaign(self):
        campaign = self._campaign(control_percent=50)
        campaign.action_start()
        rows = self._read(HEAD + ''.join(
            f"P{number};;p{number}@p.example\n" for number in range(10)), campaign_id=campaign.id)
        rows[:5].action_take()
        rows[5:].action_take()
        members = campaign.member_ids.filtered(lambda member: member.partner_id != self.acorn)
        self.assertEqual(members.partner_id, rows.partner_id)
        self.assertEqual(members.mapped('state').count('control'), 5)

    def test_members_of_a_planned_campaign_when_it_starts(self):
        campaign = self._campaign(audience_id=False)
        rows = self._read(f"{HEAD}Ann;Ann & Co;ann@a.example\n", campaign_id=campaign.id)
        rows.action_take()
        self.assertFalse(campaign.member_ids)
        campaign.action_start()
        self.assertEqual(campaign.member_ids.partner_id, rows.partner_id.parent_id)
        self.assertEqual(campaign.state, 'running')

    def test_who_is_known_becomes_a_member_too(self):
        campaign = self._campaign()
        campaign.action_start()
        rows = self._read(f"{HEAD}Birch;;birch@example.com\n", campaign_id=campaign.id)
        rows.action_take()
        self.assertEqual(campaign.member_ids.partner_id, self.acorn | self.birch)

    def test_campaign_that_is_over_takes_nobody(self):
        campaign = self._campaign()
        campaign.action_start()
        campaign.action_done()
        with self.assertRaisesRegex(ValidationError, "Autumn is over"):
            self._upload(f"{HEAD}Ann;;ann@a.example\n", campaign_id=campaign.id)


@tagged('post_install', '-at_install')
class TestProspectMany(ProspectCommon):
    """Many lines are read and taken over in the background, batch by batch."""

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('crm_campaigns.ir_cron_prospects').method_direct_trigger()
        self.env.invalidate_all()

    def _text(self, count):
        return HEAD + ''.join(f"P{number};;p{number}@p.example\n" for number in range(count))

    def test_more_lines_than_are_read_at_once(self):
        self.patch(self.env.registry['crm.prospect.import'], '_lines_at_once', 5)
        self.patch(self.env.registry['crm.prospect.import'], '_lines_in_a_batch', 4)
        self.patch(self.env.registry['crm.prospect.row'], '_taken_at_once', 3)
        self.patch(self.env.registry['crm.prospect.row'], '_taken_in_a_batch', 4)
        upload = self._upload(self._text(10))
        upload.action_read()
        self.assertRecordValues(upload, [{'state': 'reading', 'row_count': 0}])
        self._run()
        self.assertRecordValues(upload, [{'state': 'open', 'row_count': 10, 'ready_count': 10}])
        upload.action_take_all()
        self.assertEqual(set(upload.row_ids.mapped('state')), {'queued'})
        self._run()
        self.assertRecordValues(upload, [{'done_count': 10}])
        self.assertEqual(len(upload.row_ids.partner_id), 10)

    def test_file_that_cannot_be_read_holds_up_no_other(self):
        broken, good = self._upload("Name\nJörg\n".encode('cp1252')), self._upload(self._text(2))
        broken.encoding = 'utf-8'
        (broken | good).sudo().state = 'reading'
        with self.assertLogs('odoo.addons.crm_campaigns', 'WARNING'):
            self._run()
        self.assertEqual((broken.state, good.state), ('draft', 'open'))
        self.assertIn("Choose another one", broken.problem)

    def test_reading_goes_on_where_it_was_left(self):
        self.patch(self.env.registry['crm.prospect.import'], '_lines_in_a_batch', 4)
        upload = self._upload(self._text(6))
        self.assertFalse(upload._read_batch())
        self.assertTrue(upload._read_batch())
        self.assertEqual(upload.row_ids.mapped('line'), [2, 3, 4, 5, 6, 7])

    def test_taking_over_goes_on_where_it_was_left(self):
        self.patch(self.env.registry['crm.prospect.row'], '_taken_at_once', 3)
        self.patch(self.env.registry['crm.prospect.row'], '_taken_in_a_batch', 4)
        rows = self._read(self._text(6))
        rows.action_take()
        self.patch(
            self.env.registry['ir.cron'], '_commit_progress', lambda *args, **options: 0.0)
        for states in (['done'] * 4 + ['queued'] * 2, ['done'] * 6):
            self._run()
            self.assertEqual(rows.mapped('state'), states)
        self.assertEqual(rows.partner_id.mapped('name'), [f"P{number}" for number in range(6)])

    def test_ten_times_the_lines_cost_as_many_statements(self):
        few, many = (
            min(self._count_statements_once(self._upload(self._text(count)).action_read)
                for _time in range(3))
            for count in (5, 50))
        self.assertLessEqual(many, few + 2)

    def test_lists_cost_the_same(self):
        rows = self._read(self._text(30))
        names = ['remark', 'display_name', 'duplicate_id', 'campaign_id', 'state']
        self._assert_flat(lambda some: some.read(names), rows)


@tagged('post_install', '-at_install')
class TestProspectRights(RulesMixin, ProspectCommon):

    def test_who_imports_and_takes_over(self):
        for role in ('marketing_manager', 'sales_manager'):
            with self.subTest(role=role):
                upload = self._upload(f"{HEAD}{role};;{role}@a.example\n").with_user(
                    self.roles[role])
                upload.action_read()
                upload.action_take_all()
                self.assertEqual(upload.row_ids.partner_id.name, role)

    def test_others_see_nothing(self):
        upload = self._upload(f"{HEAD}Ann;;ann@a.example\n")
        upload.action_read()
        for role in ('account_representative', 'service_supervisor', 'order_manager'):
            with self.subTest(role=role):
                for record in (upload, upload.row_ids, upload.column_ids):
                    with self.assertRaises(AccessError):
                        record.with_user(self.roles[role]).read(['display_name'])
                with self.assertRaises(AccessError):
                    self.env['crm.prospect.row'].with_user(self.roles[role]).action_propose()

    def test_who_may_not_change_a_file_is_not_told_to_mend_it(self):
        [row] = self._read(f"{HEAD};;no address\n")
        with self.assertRaisesRegex(UserError, "Mend it first"):
            row.action_take()
        upload = self._upload(f"{HEAD}Ann;;ann@a.example\n")
        upload.column_ids.field = False
        with self.assertRaisesRegex(UserError, "say which column"):
            upload.action_read()
        for record in (row, upload):
            self._forbid_writing(record)
        for refused in (row.action_take, upload.action_read):
            with self.assertRaises(AccessError):
                refused()

    def test_prospects_of_other_companies_are_not_seen(self):
        upload = self._upload(f"{HEAD}Ann;;ann@a.example\n")
        upload.action_read()
        other = self.env['res.company'].create({'name': "Elsewhere"})
        rows = upload.sudo().row_ids
        rows.company_id = upload.sudo().company_id = other
        self.env.flush_all()
        for record in (upload, upload.sudo().row_ids, upload.sudo().column_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.roles['sales_manager']).check_access('read')
