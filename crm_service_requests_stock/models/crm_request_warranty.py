from odoo import api, models


class CrmRequest(models.Model):
    """A serial number tells by which delivery the customer got what he claims for."""

    _inherit = 'crm.request'

    @api.depends('warranty_serial')
    def _compute_warranty_dates(self):
        super()._compute_warranty_dates()
        for request, move_line in self._serial_deliveries().items():
            if move_line.move_id.sale_line_id == request.warranty_sale_line_id:
                request.warranty_date_delivery = move_line.date

    def _find_warranty_purchases(self):
        found = super()._find_warranty_purchases()
        deliveries = self._serial_deliveries()
        sold = self.env['crm.return.purchase'].search([
            ('sale_line_id', 'in', [line.move_id.sale_line_id.id for line in deliveries.values()])])
        by_line = {purchase.sale_line_id: purchase for purchase in sold}
        for request in self.filtered('warranty_serial'):
            if request in deliveries:
                found[request] = by_line.get(deliveries[request].move_id.sale_line_id)
            elif request.warranty_product_id.tracking != 'none':
                found.pop(request, None)
        return {request: purchase for request, purchase in found.items() if purchase}

    def _serial_deliveries(self):
        """Return by which move the serial numbers went to the customers, the newest of each.

        :return: `stock.move.line` by request
        :rtype: dict
        """
        asked = self.filtered(
            lambda request: request.warranty_serial and request.warranty_product_id)
        if not asked:
            return {}
        newest = {}
        for line in self.env['stock.move.line'].search([
                ('lot_id.name', 'in', asked.mapped('warranty_serial')),
                ('product_id', 'in', asked.warranty_product_id.ids), ('state', '=', 'done'),
                ('location_dest_id.usage', '=', 'customer'),
                ('move_id.sale_line_id', '!=', False)], order='date DESC, id DESC'):
            customer = line.move_id.sale_line_id.order_partner_id.commercial_partner_id
            newest.setdefault(
                (line.lot_id.name, line.product_id, customer, line.company_id), line)
        return {
            request: newest[key] for request in asked
            if (key := (
                request.warranty_serial, request.warranty_product_id,
                request.commercial_partner_id, request.company_id)) in newest}
