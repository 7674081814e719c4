from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, format_datetime, html2plaintext

# So many orders stand in the list of the desk; who has worked those off asks for the next ones.
DESK_ROWS = 30
# What of a customer the desk shows and lets edit, in this order.
CUSTOMER_FIELDS = ['phone', 'email', 'street', 'zip', 'city', 'function', 'comment']


class SaleOrder(models.Model):
    """What the call desk shows: one screen from which an order manager works his queue."""

    _inherit = 'sale.order'

    @api.model
    @api.readonly
    def get_call_desk_queue(self):
        """Return what stands on the left of the desk: the orders to call, and the day so far.

        :return: ``rows`` (in the order in which they are given out), ``total`` (how many wait),
            ``day`` (calls, reached, minutes, the amount that came in for orders called today)
        :rtype: dict
        """
        queue = self._call_queue_domain()
        orders = self.browse()
        for stage, order in self._call_stages():
            if len(orders) < DESK_ROWS:
                orders += self.search(
                    queue & stage & Domain('id', 'not in', orders.ids), order=order,
                    limit=DESK_ROWS - len(orders))
        return {
            'rows': [order._prepare_desk_row() for order in orders],
            'total': self.search_count(self._call_waiting_domain()),
            'day': self._prepare_desk_day(),
        }

    @api.model
    def take_call_desk_order(self):
        """Hold the next order of the queue for the user.

        :return: what the desk shows of it, see `get_call_desk_order`, or False when none waits
        :rtype: dict | bool
        """
        order = self._call_next(self.env.user)
        return bool(order) and {'id': order.id}

    @api.readonly
    def get_call_desk_order(self):
        """Return what stands in the middle and on the right of the desk.

        :return: the order with its lines, bills, payments and calls; the customer; the script
        :rtype: dict
        """
        self.ensure_one()
        return {
            **self._prepare_desk_row(),
            'total': self._desk_amount(self.amount_total),
            'is_open': self.call_state != 'done',
            'has_open_bill': self.has_open_bill,
            'manager': self.order_manager_id.name or '',
            'lines': [
                {
                    'id': line.id,
                    'name': line.product_id.display_name or line.name,
                    'quantity': line.product_uom_qty,
                    'amount': self._desk_amount(line.price_total),
                }
                for line in self.order_line if not line.display_type
            ],
            'bills': self._prepare_desk_bills(),
            'attempts': self._prepare_desk_attempts(),
            'calls': [
                {
                    'id': call.id,
                    'when': format_datetime(self.env, call.date_start, dt_format='short'),
                    'who': call.user_id.name or '',
                    'outcome': call.outcome_id.name or '',
                    'kind': call.outcome_kind or '',
                    'note': call.note or '',
                }
                for call in self.call_ids.sorted('date_start', reverse=True)
            ],
            'customer': self._prepare_desk_customer(),
            'script': self.get_call_script(),
            'difficulty_id': self._call_difficulty().id,
        }

    def _prepare_desk_row(self):
        """Return one order of the list, with the reason why it stands where it stands."""
        self.ensure_one()
        return {
            'id': self.id,
            'name': self.name,
            'customer_name': self.partner_id.display_name,
            'phone': self.partner_id.phone or self.partner_id.commercial_partner_id.phone or '',
            'dial_url': self.partner_id.dial_url,
            'unpaid': self._desk_amount(self.amount_unpaid),
            'call_state': self.call_state,
            'why': self._desk_reason(),
        }

    def _desk_reason(self):
        """Return in one sentence why the order waits.

        :rtype: str
        """
        self.ensure_one()
        if self.payment_failed_at:
            return self.env._(
                "Tried to pay at %(time)s: %(message)s", message=self.payment_failed_message,
                time=format_datetime(self.env, self.payment_failed_at, dt_format='short'))
        due = self.next_call_at and format_datetime(self.env, self.next_call_at, dt_format='short')
        if self.call_state == 'callback':
            if self.last_call_id.user_id == self.env.user:
                return self.env._("You promised to call back at %s.", due)
            return self.env._(
                "%(user)s promised to call back at %(time)s.",
                user=self.last_call_id.user_id.name, time=due)
        if self.call_state == 'no_answer':
            return self.env._("Nobody answered; call number %s.", self.call_count + 1)
        if self.last_call_id:
            return self.env._("\"%(outcome)s\", but not paid.", outcome=self.last_outcome_id.name)
        return self.env._(
            "Never called. %s", self._explain_call_value()
            if self.team_id.call_queue_order != 'date' or not self.team_id
            else self.env._("Ordered %s.", format_date(self.env, self.date_order)))

    def _desk_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _prepare_desk_bills(self):
        states = dict(
            self.env['account.move']._fields['payment_state']._description_selection(self.env)
        )
        bills = self.invoice_ids.filtered(lambda bill: bill.state == 'posted')
        return [
            {
                'id': bill.id,
                'name': bill.name,
                'due': format_date(self.env, bill.invoice_date_due),
                'amount': self._desk_amount(bill.amount_total),
                'state': states.get(bill.payment_state, ''),
                'is_late': bill.payment_state in ('not_paid', 'partial')
                and bool(bill.invoice_date_due) and bill.invoice_date_due < fields.Date.today(),
            }
            for bill in bills
        ]

    def _prepare_desk_attempts(self):
        # sudo: payment.transaction - what the provider said is what the customer asks about
        transactions_sudo = self.sudo().transaction_ids
        states = dict(transactions_sudo._fields['state']._description_selection(self.env))
        return [
            {
                'id': transaction.id,
                'when': format_datetime(self.env, transaction.last_state_change, dt_format='short'),
                'amount': format_amount(self.env, transaction.amount, transaction.currency_id),
                'provider': transaction.provider_id.name,
                'state': states.get(transaction.state, ''),
                'failed': transaction.state in ('error', 'cancel'),
                'message': html2plaintext(transaction.state_message or ''),
            }
            for transaction in transactions_sudo
        ]

    def _prepare_desk_customer(self):
        """Return the customer as the desk shows and lets edit him."""
        partner = self.partner_id
        return {
            'id': partner.id,
            'name': partner.display_name,
            'has_properties': partner._has_field_access(partner._fields['properties'], 'write')
            and bool(partner.read(['properties'])[0]['properties']),
            'fields': [
                {
                    'name': name,
                    'label': field.get_description(self.env, ['string'])['string'],
                    'value': html2plaintext(partner[name] or '')
                    if field.type == 'html'
                    else partner[name] or '',
                    'long': field.type == 'html',
                }
                for name in CUSTOMER_FIELDS
                if (field := partner._fields[name]) and partner._has_field_access(field, 'write')
            ],
        }

    @api.model
    def _prepare_desk_day(self):
        """Return how the user's day went so far: calls, reached, minutes, and what came in.

        What came in is what is paid of the orders he called about today.
        """
        today = Domain('user_id', '=', self.env.uid) & Domain('date_start', '>=', 'today')
        [[calls, minutes]] = self.env['crm.call']._read_group(
            today, [], ['__count', 'duration:sum']
        )
        reached = self.env['crm.call'].search_count(today & Domain('reached', '=', True))
        paid = self.search_count(
            Domain('call_ids', 'any', today) & Domain('amount_unpaid', '=', 0)
            & Domain('state', '=', 'sale'))
        return {'calls': calls, 'reached': reached, 'minutes': round(minutes or 0), 'paid': paid}
