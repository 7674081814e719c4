from datetime import date

from odoo.tests import freeze_time, tagged

from .common import ReturnStockCommon


@tagged('post_install', '-at_install')
class TestSerial(ReturnStockCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.saw = cls.env['product.product'].create({
            'name': "Saw", 'is_storable': True, 'tracking': 'serial', 'warranty_months': 12})
        cls.first = cls._sell('2024-01-05', cls.acorn, "SN1")
        cls.second = cls._sell('2026-01-05', cls.acorn, "SN2")
        cls._sell('2026-02-05', cls.birch, "SN3")

    @classmethod
    def _sell(cls, day, partner, serial):
        """Return the line of an order that was delivered with a serial number."""
        line = cls._buy(partner, day, 1, product=cls.saw)
        lot = cls.env['stock.lot'].create({'name': serial, 'product_id': cls.saw.id})
        picking = line.order_id.picking_ids
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [(0, 0, {
            'product_id': cls.saw.id, 'lot_id': lot.id, 'quantity': 1,
            'location_id': picking.location_id.id,
            'location_dest_id': picking.location_dest_id.id})]
        with freeze_time(f'{day} 15:00:00'):
            picking.move_ids.picked = True
            picking.button_validate()
        return line

    def test_serial_number_finds_its_delivery(self):
        request = self._create_claim("SN1")
        self.assertRecordValues(request, [{
            'warranty_sale_line_id': self.first.id, 'warranty_date_delivery': date(2024, 1, 5),
            'warranty_until': date(2025, 1, 5), 'warranty_state': 'expired'}])
        self.assertIn("delivered on 01/05/2024", request.warranty_reason)
        request.warranty_serial = "SN2"
        self.assertRecordValues(request, [{
            'warranty_sale_line_id': self.second.id, 'warranty_state': 'covered'}])

    def test_without_a_serial_number_the_newest_delivery_counts(self):
        self.assertRecordValues(self._create_claim(False), [{
            'warranty_sale_line_id': self.second.id, 'warranty_date_delivery': date(2026, 1, 5),
            'warranty_state': 'covered'}])

    def test_serial_number_of_another_customer_is_no_purchase(self):
        for serial in ("SN3", "SN99"):
            self.assertEqual(self._create_claim(serial).warranty_state, 'no_purchase')

    def _create_claim(self, serial):
        return self._create_request(
            'warranty', warranty_product_id=self.saw.id, warranty_serial=serial)
