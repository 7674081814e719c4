from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestRepresentativeRight(SelfServiceCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.right = cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)])
        cls.bill = cls._bill(100, '2025-01-10')
        cls.order = cls.env['sale.order'].create({'partner_id': cls.acorn.id, 'order_line': [
            (0, 0, {'name': "Bench", 'product_id': cls.product_a.id})]})
        cls.order.action_confirm()
        cls.request = cls.env['crm.request'].create({
            'name': "Bench squeaks", 'partner_id': cls.ben.partner_id.id,
            'type_id': cls.env.ref('crm_service_requests.crm_request_type_service').id})
        cls.documents = [cls.bill, cls.order, cls.request]

    def _set(self, *names, **values):
        self.right.write({
            field: field.removeprefix('can_') in names
            for field in self.right._fields if field.startswith('can_')} | values)

    def _seen(self, user=None):
        return [
            document.with_user(user or self.ann).search_count([('id', '=', document.id)])
            for document in self.documents]

    def test_who_gets_access_has_the_rights_all_had_before(self):
        self.assertEqual(self.right.scope, 'company')
        self.assertEqual(self._seen(), [1, 1, 1])
        self.assertEqual(self._seen(self.bea), [0, 0, 0])
        self.assertFalse(self.ann._has_portal_right('administer'))

    def test_each_right_shows_its_documents(self):
        for names, seen in [
                ([], [0, 0, 0]), (['view'], [1, 1, 1]), (['buy'], [0, 1, 0]),
                (['pay'], [1, 1, 0]), (['request'], [0, 0, 1]), (['technical'], [0, 0, 1]),
                (['administer'], [0, 0, 0])]:
            with self.subTest(names=names):
                self._set(*names)
                self.assertEqual(self._seen(), seen)
                self.assertEqual(
                    [self.ann._has_portal_right(name) for name in ('buy', 'pay')],
                    ['buy' in names, 'pay' in names])

    def test_lines_are_seen_as_their_documents(self):
        self._set('request')
        lines = self.order.order_line + self.env['sale.order.line']
        self.assertFalse(lines.with_user(self.ann).search([('id', 'in', lines.ids)]))
        self._set('buy')
        self.assertEqual(lines.with_user(self.ann).search([('id', 'in', lines.ids)]), lines)
        moves = self.bill.invoice_line_ids
        self.assertFalse(moves.with_user(self.ann).search([('id', 'in', moves.ids)]))

    def test_technical_people_see_no_complaints(self):
        self._set('technical')
        self.request.type_id = self.env.ref('crm_service_requests.crm_request_type_complaint')
        self.assertEqual(self._seen()[2], 0)

    def test_own_documents_are_those_in_ones_own_name(self):
        self._set('view', 'request', scope='own')
        self.assertEqual(self._seen(), [0, 0, 0])
        self.order.partner_id = self.ann.partner_id
        self.request.partner_id = self.ann.partner_id
        self.assertEqual(self._seen(), [0, 1, 1])

    def test_a_group_of_companies(self):
        family, sister = self._create_customer("Family"), self._create_customer("Sister")
        (self.acorn + self.birch).parent_id = family
        sister.parent_id = self.birch
        self.assertEqual(self._seen(self.bea), [0, 0, 0])
        right = self.env['crm.representative.right'].search(
            [('partner_id', '=', self.bea.partner_id.id)])
        right.scope = 'group'
        self.assertEqual(self._seen(self.bea), [1, 1, 1])
        self.assertEqual(
            right._customers(), self.birch | family | self.acorn | sister)
        self.acorn.parent_id = False
        self.assertEqual(self._seen(self.bea), [0, 0, 0])

    def test_a_company_sees_the_companies_below_it(self):
        self.acorn.parent_id = self.birch
        self.assertEqual(self._seen(self.bea), [1, 1, 1])
        self.assertEqual(self.order.commercial_partner_id, self.acorn)

    def test_without_the_right_it_is_refused(self):
        self._set('view')
        with self.assertRaises(AccessError):
            self.ann._check_portal_right('pay')
        self.colleague._check_portal_right('pay')

    def test_employees_are_not_concerned(self):
        self.assertTrue(self.order.with_user(self.roles['order_manager']).search(
            [('id', '=', self.order.id)]))

    def test_acts_of_customers_are_written_down(self):
        acts = self.env['crm.representative.act']
        self.assertFalse(acts.with_user(self.colleague)._note('pay', self.bill))
        act = acts.with_user(self.ann)._note('pay', self.bill, "by card")
        self.assertEqual(
            (act.partner_id, act.commercial_partner_id, act.document, act.note),
            (self.ann.partner_id, self.acorn, self.bill.display_name, "by card"))
        for operation in ('write', 'create', 'unlink'):
            self.assertFalse(acts.with_user(self.colleague).has_access(operation))
