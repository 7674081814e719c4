from datetime import date
from typing import NamedTuple

import pytz

from odoo import fields, models
from odoo.tools import format_date

# So many products are named in one step.
NAMED = 3


class Step(NamedTuple):
    """One step of an order on its way.

    `state` is `done`, `late`, or `next`; `day` is when it happened, or is to happen where the
    reader is; `texts` are sentences about it, and `links` pairs of an address and its words.
    """

    key: str
    name: str
    state: str
    day: date | bool = False
    texts: tuple = ()
    links: tuple = ()


class SaleOrder(models.Model):
    """A customer follows his order from its receipt to the payment."""

    _inherit = 'sale.order'

    def _portal_steps(self):
        """Return the steps of a confirmed order, as its customer may know them.

        What is billed and paid is left out for who may not see bills.

        :return: in the order of time; nothing for a quotation and for a cancelled order
        :rtype: list[Step]
        """
        self.ensure_one()
        if self.state != 'sale':
            return []
        # sudo: sale.order - who reads the order may know how far it is; products, transfers and
        # bills are told by what they say of it only
        order_sudo = self.sudo()
        return [
            *order_sudo._order_steps(), *order_sudo._delivery_steps(),
            *(order_sudo._bill_steps() if self._shows_bills() else [])]

    def _shows_bills(self):
        """Return whether the user may know how the order is billed and paid."""
        user = self.env.user
        return user._has_portal_right('view') or user._has_portal_right('pay')

    # Ordered

    def _order_steps(self):
        received = min(self.create_date, self.date_order)
        return [
            Step('received', self.env._("Received"), 'done', self._local_day(received)),
            Step('confirmed', self.env._("Confirmed"), 'done', self._local_day(self.date_order))]

    # Delivered

    def _delivery_steps(self):
        """Return the steps of the deliveries: those that were made, and what is to come.

        :rtype: list[Step]
        """
        self.ensure_one()
        lines = self.order_line.filtered_domain(self.order_line._goods_domain())
        to_come = self._lines_to_come()
        return [
            *self._came_steps(lines - to_come),
            *(self._to_come_steps(to_come) if to_come else [])]

    def _came_steps(self, lines):
        """Return the steps of what was delivered.

        :param lines: those that were delivered in full
        :rtype: list[Step]
        """
        return [
            Step('delivered', self.env._("Delivered"), 'done', day,
                 self._few([line._short_name() for line in came]))
            for day, came in self._by_day(lines)]

    def _to_come_steps(self, lines):
        """Return the steps of what is not delivered yet.

        :param lines: of goods, some at least
        :rtype: list[Step]
        """
        promised, late = self._promise_state()
        return [Step(
            'to_come', self.env._("Delivery"), 'late' if late else 'next',
            self._local_day(promised),
            (*self._to_come_words(), *self._few(self._what_is_to_come(lines))))]

    def _promise_state(self):
        """Return until when the next delivery was promised, and whether that will not be kept.

        :rtype: tuple[datetime | bool, bool]
        """
        promised, forecast = self._next_promise(), self._forecasts().get(self)
        return promised, bool(promised) and (
            promised < fields.Datetime.now() or self._is_expected_after(promised, forecast))

    def _is_expected_after(self, promised, forecast):
        """Return whether a forecast lies on a later day than a promise.

        :param datetime promised: in UTC
        :param forecast: a `Forecast` or nothing
        :rtype: bool
        """
        return bool(forecast) and (
            self._local_day(forecast.earliest) > self._local_day(promised))

    def _to_come_words(self):
        """Return sentences about until when the rest was promised, and when it is expected."""
        promised, late = self._promise_state()
        return (*self._promise_words(promised, late), *self._forecast_words())

    def _by_day(self, lines):
        """Return lines by the day of their delivery, those first of which it is not known."""
        days = lines.grouped(
            lambda line: self._local_day(line.date_delivered))
        return sorted(days.items(), key=lambda pair: pair[0] or date.min)

    def _step_to_come(self, lines):
        """Return the step of what is not delivered yet.

        :param lines: of goods, some at least
        :rtype: Step
        """
        promised = self._next_promise()
        late = promised and promised < fields.Datetime.now()
        return Step(
            'to_come', self.env._("Delivery"), 'late' if late else 'next',
            self._local_day(promised),
            (*self._promise_words(promised, late), *self._forecast_words(),
             *self._few(self._what_is_to_come(lines))))

    def _promise_words(self, promised, late):
        if not promised:
            return ()
        day = format_date(self.env, self._local_day(promised))
        if not late:
            return (self.env._("Promised for %(day)s.", day=day),)
        return (self.env._("Late: it was promised for %(day)s.", day=day)
                if promised < fields.Datetime.now()
                else self.env._("It will be late: it was promised for %(day)s.", day=day),)

    def _forecast_words(self):
        """Return sentences about when the rest of the order is likely to arrive."""
        forecast = self._forecasts().get(self)
        if not forecast:
            return ()
        first, last = (
            format_date(self.env, self._local_day(moment))
            for moment in (forecast.earliest, forecast.latest))
        when = self.env._("Expected on %(day)s.", day=last) if first == last else self.env._(
            "Expected between %(first)s and %(last)s.", first=first, last=last)
        return (when,) if forecast.planned else (when, self._usual_words(forecast.usual))

    def _usual_words(self, usual):
        low, high = usual.days
        if low == high:
            return self.env._(
                "Usually within %(days)s days of the order (of %(cases)s deliveries).",
                days=high, cases=usual.cases)
        return self.env._(
            "Usually between %(low)s and %(high)s days after the order (of %(cases)s deliveries).",
            low=low, high=high, cases=usual.cases)

    def _what_is_to_come(self, lines=None):
        """Return in words what was not delivered yet.

        :param lines: of which lines; of all that is to come when there are none given
        :rtype: list[str]
        """
        return [
            self.env._(
                "%(quantity)s of %(ordered)s %(unit)s to come: %(product)s",
                quantity=line._plain_quantity(line.product_uom_qty - line.qty_delivered),
                ordered=line._plain_quantity(line.product_uom_qty),
                unit=line.product_uom_id.name, product=line._short_name())
            for line in lines or self._lines_to_come()]

    def _few(self, texts):
        """Return the first texts, and how many more there are."""
        more = len(texts) - NAMED
        if more <= 0:
            return tuple(texts)
        return (*texts[:NAMED], self.env._("and %(count)s more", count=more))

    # Billed and paid

    def _bill_steps(self):
        """Return the steps of the bills and of the payment.

        :rtype: list[Step]
        """
        self.ensure_one()
        bills = self.invoice_ids.filtered(
            lambda bill: bill.state == 'posted' and bill.move_type == 'out_invoice')
        billed = self._is_fully_billed()
        name = self.env._("Billed") if billed else (
            self.env._("Partly billed") if bills else self.env._("Bill"))
        return [
            Step('billed', name, 'done' if billed else 'next',
                 max(filter(None, bills.mapped('invoice_date')), default=False)),
            *self._payment_steps(bills)]

    def _payment_steps(self, bills):
        if self.currency_id.is_zero(self.amount_total):
            return []
        if self.currency_id.is_zero(self.amount_unpaid):
            return [Step('paid', self.env._("Paid"), 'done', self._last_payment_day(bills))]
        due = min(self._open_bills().mapped('invoice_date_due'), default=False)
        late = due and due < fields.Date.context_today(self)
        name = self.env._("Partly paid") if self.amount_received else self.env._("Payment")
        return [Step('payment', name, 'late' if late else 'next', due, (
            self.env._("Late: it was due on %(day)s.", day=format_date(self.env, due)) if late
            else self.env._("Due on %(day)s.", day=format_date(self.env, due)),) if due else ())]

    def _last_payment_day(self, bills):
        days = [day for bill in bills for day, _amount in bill._money_by_day()]
        days += [
            self._local_day(tx.last_state_change)
            for tx in self.transaction_ids if tx.state in ('authorized', 'done')]
        return max(days, default=False)

    # Where the reader is

    def _local_day(self, moment):
        """Return the day of a moment where the reader is, or else where the company works.

        :param moment: a datetime in UTC, or nothing
        :return: nothing when there is no moment
        :rtype: date | bool
        """
        if not moment:
            return False
        # sudo: resource.calendar - in which zone the company works is no secret
        zone = self.env.context.get('tz') or self.env.user.tz or (
            self.company_id.sudo().resource_calendar_id.tz) or 'UTC'
        return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()
