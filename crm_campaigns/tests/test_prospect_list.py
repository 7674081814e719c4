from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .prospect_common import ProspectCommon


@tagged('post_install', '-at_install')
class TestProspectList(ProspectCommon):
    """Whoever is on a mailing list becomes a prospect, unless he wants to be left alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair, cls.paper = cls.env['mailing.list'].create([
            {'name': "Fair in Cork"}, {'name': "Newspaper"}])
        cls.ann, cls.bob, cls.cid, cls.dot = cls.env['mailing.contact'].create([
            {'name': name, 'company_name': company, 'email': email,
             'country_id': cls.env.ref('base.ie').id,
             'subscription_ids': [
                 Command.create({'list_id': one.id, 'opt_out': opt_out}) for one, opt_out in lists]}
            for name, company, email, lists in (
                ("Ann", "Elm; Ash, \"Oak\"", 'ann@elm.example', [(cls.fair, False)]),
                ("Bob", "", 'acorn@example.com', [(cls.fair, False), (cls.paper, True)]),
                ("Cid", "", 'cid@c.example', [(cls.fair, True), (cls.paper, False)]),
                ("Dot", "", 'dot@d.example', [(cls.fair, False)]))])
        cls.env['mail.blacklist']._add('dot@d.example')

    def _import(self, records):
        action = records.with_user(self.roles['marketing_manager']).action_import_prospects()
        self.assertEqual(action['res_model'], 'crm.prospect.import')
        return self.imports.browse(action['res_id'])

    def test_whoever_is_on_the_list_is_a_line(self):
        prospects = self._import(self.fair)
        self.assertEqual(prospects.name, "Fair in Cork")
        self.assertEqual(
            self._columns(prospects)[:4], ['name', 'company_name', 'email', 'country'])
        prospects.action_read()
        self.assertEqual(prospects.row_ids.mapped('name'), ["Ann", "Bob"])
        ann, bob = prospects.row_ids
        self.assertEqual(
            (ann.company_name, ann.email, ann.country_id.code),
            ("Elm; Ash, \"Oak\"", 'ann@elm.example', 'IE'))
        self.assertEqual((bob.duplicate_id, bob.duplicate_kind), (self.acorn, 'email'))

    def test_the_same_list_again_is_told(self):
        first = self._import(self.fair)
        first.action_read()
        self.assertEqual(self._import(self.fair).twin_id, first)

    def test_contacts_that_were_picked(self):
        prospects = self._import(self.ann | self.cid | self.dot)
        prospects.action_read()
        # Cid is still on one of his lists.
        self.assertEqual(prospects.row_ids.mapped('name'), ["Ann", "Cid"])
        self.cid.subscription_ids.opt_out = True
        with self.assertRaisesRegex(UserError, "Mailing Contacts: there is nobody"):
            self._import(self.cid | self.dot)

    def test_a_list_of_nobody(self):
        self.fair.subscription_ids.opt_out = True
        with self.assertRaisesRegex(UserError, "Fair in Cork: there is nobody"):
            self._import(self.fair)

    def test_who_may(self):
        for role in ('account_representative', 'service_supervisor', 'order_manager'):
            for records in (self.fair, self.ann):
                with self.subTest(role=role, records=records), self.assertRaises(AccessError):
                    records.with_user(self.roles[role]).action_import_prospects()

    def test_as_many_statements_for_many(self):
        self._assert_flat(self._import, self.env['mailing.contact'].create([
            {'name': f"P{number}", 'email': f'p{number}@p.example'} for number in range(30)]))
