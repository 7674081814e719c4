from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import RequestCommon

FEW, MANY = 10, 80


@tagged('post_install', '-at_install')
class TestPerformance(RequestCommon):
    """Eight times the requests cost as many queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customers = cls.env['res.partner'].create([
            {'name': f"Customer {number}", 'email': f'c{number}@example.com',
             'phone': f'+32 2 555 {number:04}'} for number in range(MANY)])
        kinds = list(cls.types.values())
        people = [*cls.roles.values()]
        cls.requests = cls.env['crm.request'].create([{
            'name': f"Request {number}", 'partner_id': customer.id,
            'type_id': kinds[number % len(kinds)].id,
            'user_id': people[number % len(people)].id,
        } for number, customer in enumerate(customers)])
        cls.env.cr.flush()

    def _assert_cheap(self, action):
        """Check that many requests cost what a few cost."""
        self._assert_flat(action, self.requests, few=FEW, more=2)

    def _read_view(self, view, role):
        """Return a function that reads the requests as a view does, for who holds a role."""
        model = self.env['crm.request'].with_user(self.roles[role])
        names = model.get_view(
            self.env.ref(f'crm_service_requests.{view}').id)['models']['crm.request']
        specification = {
            name: {'fields': {'display_name': {}}} if model._fields[name].relational else {}
            for name in names}
        return lambda requests: model.web_search_read(
            [('id', 'in', requests.ids)], specification)

    @warmup
    def test_list_costs_as_much_for_many(self):
        for role in ('service_representative', 'account_representative', 'service_supervisor'):
            with self.subTest(role=role):
                self._assert_cheap(self._read_view('crm_request_view_list', role))

    @warmup
    def test_board_costs_as_much_for_many(self):
        self._assert_cheap(self._read_view('crm_request_view_kanban', 'service_representative'))

    @warmup
    def test_form_of_a_customer_counts_at_once(self):
        self._assert_cheap(lambda requests: requests.partner_id._compute_crm_request_count())

    @warmup
    def test_answering_many_is_one_write(self):
        self._assert_cheap(lambda requests: requests._mark_answered())

    @warmup
    def test_types_count_at_once(self):
        kinds = self.env['crm.request.type'].create([
            {'name': f"Type {number}", 'code': f'T{number}'} for number in range(MANY)])

        def count(requests):
            kinds[:len(requests)].mapped('late_count')
        self._assert_cheap(count)
