from odoo import api, models


class CrmRequest(models.Model):
    """What a customer has said of his request by its kind, kept and shown to him."""

    _inherit = 'crm.request'

    @api.model
    def _prepare_web_values(self, kind, data):
        return {**super()._prepare_web_values(kind, data), **data.get('details', {})}

    def _portal_kind_details(self, user):
        """Return what the page of a request tells its customer beside the type's own fields.

        :param user: who reads it, a `res.users`
        :return: label, type of the field and value
        :rtype: list[tuple[str, str, object]]
        """
        self.ensure_one()
        tellers = {
            'return': self._return_details, 'warranty': self._warranty_details,
            'service': self._visit_details, 'accounting': self._bill_details,
            'debt': self._bill_details}
        teller = tellers.get(self.kind)
        return [detail for detail in teller(user) if detail[2]] if teller else []

    def _return_details(self, user):
        _ = self.env._
        return [(_("To Return"), 'text', "\n".join(
            f'{line.quantity:g} {line.product_uom_id.name} {line.product_id.display_name}'
            for line in self.return_line_ids))]

    def _warranty_details(self, user):
        _ = self.env._
        return [
            (_("Product"), 'char', self.warranty_product_id.display_name),
            (_("Serial Number"), 'char', self.warranty_serial),
            (_("Warranty"), 'char', self._is_warranty_shown(user) and self.warranty_reason)]

    def _visit_details(self, user):
        _ = self.env._
        if self.service_confirmed:
            return [(_("Appointment"), 'datetime', self.service_start),
                    (_("Place"), 'char', self.service_place)]
        return [
            (_("Wanted from"), 'datetime', self.service_from),
            (_("Wanted until"), 'datetime', self.service_to),
            (_("Place"), 'char', self.service_place)]

    def _bill_details(self, user):
        _ = self.env._
        disputes = dict(self._fields['dispute']._description_selection(self.env))
        bill = self.origin_ref if self.origin_ref and self.origin_ref._name == 'account.move' else (
            self.env['account.move'])
        return [
            (_("Bill"), 'char', bill.name), (_("Question about"), 'char', disputes.get(
                self.dispute))]
