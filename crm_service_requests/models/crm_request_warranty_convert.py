from odoo import api, models

REMEDIES = {'replacement': 'order', 'repair': 'quotation'}


class CrmRequest(models.Model):
    """What is accepted under warranty becomes a replacement or a repair, free of charge."""

    _inherit = 'crm.request'

    @api.depends('warranty_decision', 'warranty_remedy')
    def _compute_conversion(self):
        return super()._compute_conversion()

    def _conversion_target(self):
        if self.kind != 'warranty' or self.warranty_decision != 'accepted':
            return super()._conversion_target()
        return REMEDIES.get(self.warranty_remedy, 'order')

    def _convert_lines(self):
        if self.kind != 'warranty' or self.warranty_decision != 'accepted':
            return super()._convert_lines()
        repair = self.warranty_remedy == 'repair'
        product = repair and self.type_id.product_id or self.warranty_product_id
        return [{
            'product_id': product.id, 'name': self._warranty_line_name(repair),
            'quantity': 1.0, 'price_unit': 0.0}]

    def _warranty_line_name(self, repair):
        values = {
            'product': self.warranty_product_id.display_name,
            'serial': self.warranty_serial or '-'}
        if repair:
            return self.env._(
                "Repair under warranty: %(product)s, serial number %(serial)s", **values)
        return self.env._(
            "Replacement under warranty: %(product)s, serial number %(serial)s", **values)
