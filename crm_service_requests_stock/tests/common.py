from odoo.tests import freeze_time

from odoo.addons.crm_service_requests.tests.return_common import ReturnCommon


class ReturnStockCommon(ReturnCommon):
    """Acorn Joinery got six of its ten benches on the tenth of March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delivery = cls.purchase.order_id.picking_ids
        with freeze_time('2026-03-10 09:00:00'):
            cls._deliver(cls.delivery, 6)

    @classmethod
    def _deliver(cls, picking, quantity):
        """Validate a transfer with so much of its goods; the rest follows in another one."""
        picking.move_ids.write({'quantity': quantity, 'picked': True})
        picking.with_context(skip_backorder=True).button_validate()

    @classmethod
    def _confirm(cls, order):
        order.action_confirm()
