"""Whatever people do with a request, in whatever order, it stays what its table says."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.crm_service_requests.models.crm_request import PENDING_STATES, TRANSITIONS

ACTIONS = [
    'action_open', 'action_wait', 'action_solve', 'action_close', 'action_cancel',
    'action_reopen']
WRITERS = ['customer', 'colleague', 'outside']
EVENTS = st.lists(st.one_of(
    st.tuples(st.just('do'), st.sampled_from(ACTIONS)),
    st.tuples(st.just('write'), st.sampled_from(WRITERS)),
    st.tuples(st.just('assign'), st.booleans()),
    st.tuples(st.just('state'), st.sampled_from(list(TRANSITIONS))),
), max_size=12)


@tagged('post_install', '-at_install')
class TestRequestStates(BaseCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref('crm_service_requests.crm_request_type_information')
        cls.kind.solution_required = False
        cls.kind.confirm_automatically = False
        cls.customer, cls.supplier = cls.env['res.partner'].create([
            {'name': "Acorn", 'email': 'acorn@example.com'},
            {'name': "Oak", 'email': 'oak@example.com'}])
        cls.colleague = cls.env.ref('base.user_admin')
        cls.authors = {
            'customer': cls.customer, 'colleague': cls.colleague.partner_id,
            'outside': cls.supplier}

    @settings(
        max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None,
        derandomize=True)
    @given(EVENTS)
    def test_every_history_obeys_the_table(self, events):
        request = self.env['crm.request'].create({
            'name': "Q", 'type_id': self.kind.id, 'partner_id': self.customer.id,
            'user_id': self.colleague.id})
        number = request.number
        for kind, value in events:
            before = request.state
            self._let_happen(request, kind, value)
            self.assertTrue(
                request.state == before or request.state in TRANSITIONS[before],
                f"{before} became {request.state} by {kind} {value}")
            self._check(request, number)

    def _let_happen(self, request, kind, value):
        try:
            with self.env.cr.savepoint():
                if kind == 'do':
                    getattr(request, value)()
                elif kind == 'write':
                    request.message_post(
                        body="Well?", author_id=self.authors[value].id, message_type='comment',
                        subtype_xmlid='mail.mt_comment')
                elif kind == 'assign':
                    request.assigned_partner_id = self.supplier if value else False
                else:
                    request.state = value
        except UserError:
            self.env.invalidate_all()

    def _check(self, request, number):
        self.assertEqual(request.number, number)
        self.assertEqual(bool(request.date_closed), request.state == 'closed')
        self.assertEqual(bool(request.closed_by), request.state == 'closed')
        if request.state in PENDING_STATES:
            self.assertFalse(request.date_solved)
        if request.state in ('solved', 'closed'):
            self.assertTrue(request.date_solved)
        self.assertEqual(bool(request.turn), request.state in PENDING_STATES)
