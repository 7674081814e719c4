"""Whatever companies and contacts belong together, everybody sees what plain rules say he sees."""

from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

RIGHTS = ('view', 'buy', 'pay', 'request', 'technical', 'administer')
SCOPES = ('own', 'company', 'group')
TECHNICAL = ('service', 'warranty', 'return', 'help', 'information')
PARTNERS = 9
# Those of the partners who use the portal; a partner stands below one that comes before him.
READERS = (2, 4, 6, 8)

NODES = st.lists(
    st.tuples(st.integers(0, 20), st.booleans()), min_size=PARTNERS, max_size=PARTNERS)
PLACES = st.integers(0, PARTNERS - 1)
GIVEN = st.fixed_dictionaries({
    'nodes': NODES,
    'rights': st.lists(
        st.tuples(st.sets(st.sampled_from(RIGHTS)), st.sampled_from(SCOPES)),
        min_size=len(READERS), max_size=len(READERS)),
    'orders': st.lists(PLACES, min_size=3, max_size=6),
    'bills': st.lists(st.tuples(PLACES, st.booleans()), min_size=3, max_size=6),
    'requests': st.lists(
        st.tuples(PLACES, st.none() | PLACES, st.sampled_from(['service', 'complaint'])),
        min_size=3, max_size=6),
})


class Tree(NamedTuple):
    """Partners by their numbers: above each stands another one, or None."""

    parents: list
    companies: list

    @classmethod
    def grow(cls, nodes):
        """Return the tree of pairs: where it grows on, and whether it is a company."""
        return cls(
            [place if place < number else None for number, (place, _company) in enumerate(nodes)],
            [company for _place, company in nodes])

    def customer(self, number):
        """Return whose documents are those of a partner."""
        while not self.companies[number] and self.parents[number] is not None:
            number = self.parents[number]
        return number

    def top(self, number):
        while self.parents[number] is not None:
            number = self.parents[number]
        return number

    def is_below(self, number, top):
        while number is not None and number != top:
            number = self.parents[number]
        return number == top

    def seen_customers(self, reader, scope):
        """Return the customers whose documents somebody sees who does not only see his own."""
        own = self.customer(reader)
        start = own if scope == 'company' else self.top(own)
        return {own} | {
            number for number, company in enumerate(self.companies)
            if company and self.is_below(number, start)}

    def is_seen(self, owner, reader, scope):
        if owner is None:
            return False
        if scope == 'own':
            return owner == reader
        return self.customer(owner) in self.seen_customers(reader, scope)


def sees_order(tree, reader, names, scope, owner):
    return bool(names & {'view', 'buy', 'pay'}) and tree.is_seen(owner, reader, scope)


def sees_bill(tree, reader, names, scope, owner, posted):
    return bool(posted and names & {'view', 'pay'}) and tree.is_seen(owner, reader, scope)


def sees_request(tree, reader, names, scope, owner, helper, kind):
    allowed = names & {'view', 'request'} or 'technical' in names and kind in TECHNICAL
    return bool(allowed) and (
        tree.is_seen(owner, reader, scope) or tree.is_seen(helper, reader, scope))


@tagged('post_install', '-at_install')
class TestPortalScopes(BaseCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = [
            new_test_user(cls.env, f'reader{number}', 'base.group_portal') for number in READERS]
        owners = cls.env['res.partner'].create([
            {'name': f"Partner {number}"} for number in range(PARTNERS - len(READERS))])
        cls.users = dict(zip(READERS, users, strict=True))
        rest = iter(owners)
        cls.partners = [
            cls.users[number].partner_id if number in cls.users else next(rest)
            for number in range(PARTNERS)]
        cls.types = {
            kind: cls.env.ref(f'crm_service_requests.crm_request_type_{kind}').id
            for kind in ('service', 'complaint')}

    @given(given=GIVEN)
    @settings(
        max_examples=20, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow])
    def test_everybody_sees_what_the_plain_rules_say(self, given):
        with self.env.cr.savepoint() as savepoint:
            self._check(given, Tree.grow(given['nodes']))
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def _check(self, given, tree):
        self._plant(tree)
        orders = self._create_orders(given['orders'])
        bills = self._create_bills(given['bills'])
        requests = self._create_requests(given['requests'])
        self._give_rights(given['rights'])
        for reader, rights in zip(READERS, given['rights'], strict=True):
            self._check_seen(reader, orders, [
                sees_order(tree, reader, *rights, owner) for owner in given['orders']])
            self._check_seen(reader, bills, [
                sees_bill(tree, reader, *rights, *bill) for bill in given['bills']])
            self._check_seen(reader, requests, [
                sees_request(tree, reader, *rights, *asked) for asked in given['requests']])

    def _check_seen(self, reader, records, expected):
        seen = records.with_user(self.users[reader]).search([('id', 'in', records.ids)])
        self.assertEqual([record in seen for record in records], expected, (reader, records))

    def _plant(self, tree):
        for partner, above, company in zip(
                self.partners, tree.parents, tree.companies, strict=True):
            partner.write({
                'is_company': company,
                'parent_id': self.partners[above].id if above is not None else False})

    def _give_rights(self, given):
        """Give the rights directly: an administrator of his own documents only is refused."""
        rights = self.env['crm.representative.right']
        for reader, (names, scope) in zip(READERS, given, strict=True):
            right = rights.search([('partner_id', '=', self.partners[reader].id)])
            right.write({
                'scope': scope, **{f'can_{name}': name in names for name in RIGHTS},
                'can_administer': 'administer' in names and scope != 'own'})

    def _create_orders(self, owners):
        return self.env['sale.order'].create(
            [{'partner_id': self.partners[owner].id} for owner in owners])

    def _create_bills(self, given):
        bills = self.env['account.move'].create([
            {'move_type': 'out_invoice', 'partner_id': self.partners[owner].id,
             'invoice_line_ids': [Command.create({'name': "Drill", 'price_unit': 1})]}
            for owner, _posted in given])
        for bill, (_owner, posted) in zip(bills, given, strict=True):
            bill.state = 'posted' if posted else 'draft'
        return bills

    def _create_requests(self, given):
        return self.env['crm.request'].create([
            {'name': "Where is it?", 'partner_id': self.partners[owner].id, 'channel': 'portal',
             'assigned_partner_id': self.partners[helper].id if helper is not None else False,
             'type_id': self.types[kind]} for owner, helper, kind in given])
