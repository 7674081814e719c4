from odoo.tests import HttpCase, tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestTours(OrderManagerCommon, HttpCase):

    def setUp(self):
        super().setUp()
        # Debian's Odoo lacks this file, which is not free; a browser that misses it fails.
        self.env['ir.asset'].sudo().create({
            'name': "Without selfie segmentation",
            'bundle': 'web.assets_backend',
            'directive': 'remove',
            'path': 'mail/static/lib/selfie_segmentation/selfie_segmentation.js',
        })

    def test_order_is_called_about_until_it_is_paid(self):
        self.env['sale.order'].sudo().search([('call_state', '!=', 'done')]).write(
            {'state': 'draft'}
        )
        order = self._create_order(250.0)
        self._create_bill(order)
        self.start_tour(
            '/odoo/orders-to-call', 'crm_order_manager_call_until_paid', login=self.manager.login
        )
        self.assertRecordValues(
            order,
            [
                {
                    'amount_unpaid': 0.0,
                    'call_state': 'done',
                    'call_count': 1,
                    'order_manager_id': self.manager.id,
                }
            ],
        )
        self.assertEqual(order.last_call_id.note, "Pays today")
