from odoo import SUPERUSER_ID, api, models
from odoo.tools import float_repr, format_date

ACTIVITY = 'crm_selfservice_portal.mail_activity_type_quotation'


class CrmRequest(models.Model):
    """A customer asks for a quotation: his contact finds it drafted, to look through and send."""

    _inherit = 'crm.request'

    @api.model
    def _quotation_type(self):
        """Return the type of requests for a quotation, none when customers are not offered one.

        :rtype: crm.request.type
        """
        offered = self.env['crm.request.type']._offered().filtered(
            lambda kind: kind.convert_to == 'quotation')
        usual = self.env.ref(
            'crm_service_requests.crm_request_type_order', raise_if_not_found=False)
        return usual and offered.filtered(lambda kind: kind.id == usual.id) or offered[:1]

    @api.model
    def _ask_for_quotation(self, user, wanted, data, files=()):
        """Make the request of a user of the portal for a quotation, and draft it.

        :param user: who asks, a `res.users`
        :param wanted: what of his earlier purchases he wants, and how much in their units
        :type wanted: list[tuple[Purchase, float]]
        :param dict data: `text`, `phone`, and as `date` the day by which he needs it
        :param files: names and contents of what came with it, which were checked
        :type files: Iterable[tuple[str, bytes]]
        :return: the request, with all rights
        :rtype: crm.request
        """
        words = self._quotation_words(wanted, data)
        values = self._prepare_web_values(self._quotation_type(), {**data, **words})
        # sudo: crm.request - a customer asks, though he may edit no requests
        request_sudo = self.sudo().create({**values, 'user_id': user._portal_contact().id})
        request_sudo._attach_from_web(files)
        if wanted:
            request_sudo.with_user(SUPERUSER_ID).with_company(
                request_sudo.company_id)._draft_quotation(wanted)
        return request_sudo

    @api.model
    def _quotation_words(self, wanted, data):
        """Return subject and text of the request: in words what is drafted, as people check it."""
        lines = [
            self.env._("%(quantity)s %(unit)s: %(product)s",
                       quantity=self._quantity_text(quantity), unit=purchase.unit.name,
                       product=purchase.product.display_name)
            for purchase, quantity in wanted]
        if data.get('date'):
            lines.append(self.env._(
                "Needed by %(date)s", date=format_date(self.env, data['date'])))
        text = "\n\n".join(filter(None, ["\n".join(lines), data['text']]))
        return {'subject': self._quotation_subject(wanted), 'text': text}

    @api.model
    def _quotation_subject(self, wanted):
        if not wanted:
            return self.env._("Quotation wanted")
        name, more = wanted[0][0].product.name, len(wanted) - 1
        if not more:
            return self.env._("Quotation wanted: %(product)s", product=name)
        return self.env._(
            "Quotation wanted: %(product)s and %(count)s more", product=name, count=more)

    @api.model
    def _quantity_text(self, quantity):
        """Return a quantity as people write it: without a point when it is whole."""
        return float_repr(quantity, 3).rstrip('0').rstrip('.')

    def _draft_quotation(self, wanted):
        """Draft the quotation by the prices of the customer, and remind who is to send it.

        :param wanted: as of :meth:`_ask_for_quotation`
        """
        self._try_to_convert([
            {'product_id': purchase.product.id, 'product_uom_id': purchase.unit.id,
             'quantity': quantity}
            for purchase, quantity in wanted])
        for order in self._converted_documents():
            if user := self.user_id or order.user_id:
                order.activity_schedule(ACTIVITY, user_id=user.id, summary=self.name)
