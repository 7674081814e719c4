from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_roles.tests.mixins import PeopleMixin


@tagged('post_install', '-at_install')
class TestAccess(PeopleMixin, TransactionCase):

    def test_sales_manager_reads_events_also_where_they_are_not_sold(self):
        # Where events are sold, Odoo lets each salesperson work at the registration desk.
        salesman = self.env.ref('sales_team.group_sale_salesman')
        salesman.implied_ids -= self.env.ref('event.group_event_registration_desk')
        manager = self._create_user('sales_manager')
        for name in ('event.event', 'event.registration', 'event.tag'):
            with self.subTest(model=name):
                model = self.env[name].with_user(manager)
                self.assertTrue(model.has_access('read'))
                self.assertFalse(model.has_access('write'))
