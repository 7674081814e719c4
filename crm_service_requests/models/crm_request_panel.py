from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

# How many of each sort are shown; the rest is behind a link.
SHOWN = 5


class CrmRequest(models.Model):
    """What else there is with the customer, to be seen beside the request."""

    _inherit = 'crm.request'

    @api.model
    @api.readonly
    def get_customer_panel(self, partner_id, request_id=False):
        """Return what else there is with a customer, as far as the user may read it.

        :param int partner_id: the customer or one of his contacts
        :param int request_id: the request beside which it is shown, if any
        :return: sections with ``name``, ``title``, ``model``, ``domain`` of all, ``count`` of
            those to look after, ``total`` as text, and ``rows`` of the newest; each row has
            ``id``, ``title``, ``detail``, ``side`` and ``color``
        :rtype: list[dict]
        """
        partner = self.env['res.partner'].browse(partner_id).exists()
        if not partner:
            return []
        customer = partner.commercial_partner_id
        sections = [
            self._panel_requests(customer, request_id), self._panel_orders(customer),
            self._panel_bills(customer), self._panel_calls(customer)]
        return [section for section in sections if section]

    @api.model
    def _panel_section(self, name, title, model, domains, order, row):
        """Return one section of the panel, or nothing where the user may not look.

        :param str name: what the section is called in code
        :param str title: what people read
        :param model: an empty recordset of what is shown
        :param domains: of all records of the customer, and of those to look after
        :type domains: tuple[Domain, Domain]
        :param str order: what is shown first
        :param Callable row: gives for a record what its row shows
        :rtype: dict
        """
        if not model.has_access('read'):
            return {}
        everything, pending = domains
        return {
            'name': name, 'title': title, 'model': model._name, 'domain': list(everything),
            'count': model.search_count(everything & pending), 'total': '',
            'rows': [
                {'id': record.id, 'color': '', **row(record)}
                for record in model.search(everything & pending, order=order, limit=SHOWN)],
        }

    @api.model
    def _panel_requests(self, customer, request_id):
        labels = dict(self._fields['state']._description_selection(self.env))
        return self._panel_section(
            'requests', self.env._("Other Requests"), self.browse(),
            (self._customer_domain(customer) & Domain('id', '!=', request_id),
             self._pending_domain()),
            'date_received DESC, id DESC',
            lambda request: {
                'title': request.name,
                'detail': f'{request.number} · {request.type_id.name}',
                'side': labels[request.state],
                'color': 'danger' if request.is_late else '',
            })

    @api.model
    def _panel_orders(self, customer):
        orders = self.env['sale.order']
        labels = dict(orders._fields['state']._description_selection(self.env))
        unfinished = Domain('state', 'in', ['draft', 'sent']) | (
            Domain('state', '=', 'sale') & Domain('invoice_status', '!=', 'invoiced'))
        return self._panel_section(
            'orders', self.env._("Open Orders"), orders,
            (Domain('partner_id.commercial_partner_id', '=', customer.id), unfinished),
            'date_order DESC, id DESC',
            lambda order: {
                'title': order.name,
                'detail': f'{format_date(self.env, order.date_order)} · {labels[order.state]}',
                'side': format_amount(self.env, order.amount_total, order.currency_id),
            })

    @api.model
    def _panel_bills(self, customer):
        bills, today = self.env['account.move'], fields.Date.context_today(self)
        posted = (
            Domain('commercial_partner_id', '=', customer.id)
            & Domain('move_type', '=', 'out_invoice') & Domain('state', '=', 'posted'))
        unpaid = Domain('payment_state', 'in', ['not_paid', 'partial'])
        section = self._panel_section(
            'bills', self.env._("Unpaid Bills"), bills, (posted, unpaid),
            'invoice_date_due, id',
            lambda bill: {
                'title': bill.name,
                'detail': self.env._("due %s", format_date(self.env, bill.invoice_date_due)),
                'side': format_amount(self.env, bill.amount_residual, bill.currency_id),
                'color': 'danger' if (bill.invoice_date_due or today) < today else '',
            })
        if section and section['count']:
            [[residual]] = bills._read_group(posted & unpaid, [], ['amount_residual_signed:sum'])
            section['total'] = format_amount(self.env, residual, self.env.company.currency_id)
        return section

    @api.model
    def _panel_calls(self, customer):
        calls = self.env['crm.call']
        labels = dict(calls._fields['direction']._description_selection(self.env))
        return self._panel_section(
            'calls', self.env._("Last Calls"), calls,
            (Domain('partner_id.commercial_partner_id', '=', customer.id), Domain.TRUE),
            'date_start DESC, id DESC',
            lambda call: {
                'title': (call.note or '').strip().split('\n')[0] or call.outcome_id.name
                or labels[call.direction],
                'detail': f'{format_date(self.env, call.date_start)} · '
                          f'{call.user_id.name or call.phone or labels[call.direction]}',
                'side': call.outcome_id.name or labels[call.direction],
            })
