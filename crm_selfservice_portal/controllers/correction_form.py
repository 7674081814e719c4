"""What a customer has put into the form that corrects an order."""

from datetime import datetime, time

import pytz

from odoo import fields

from odoo.addons.crm_service_requests import web_values

from ..correction import MAX_QUANTITY, Wish

NOTE_SIZE = 2000
PREFIX = 'quantity_'
NOON = time(12)


class CorrectionForm:
    """A form as it came; what it asks for is in `wish`, what is wrong with it in `complaints`."""

    def __init__(self, order, form):
        self.order = order
        self.form = form
        self.complaints = []
        self.wish = order._complete_wish(self._read())

    def _read(self):
        if self.form.get('cancel'):
            return Wish(cancel=True, note=self._note())
        return Wish(self._quantities(), self._address(), self._date(), note=self._note())

    def _complain(self, complaint):
        self.complaints.append(complaint)

    def _quantities(self):
        lines = {f'{PREFIX}{line.id}': line for line in self.order.order_line._correctable()}
        given = [name for name in self.form if name.startswith(PREFIX)]
        if set(given) - set(lines):
            self._complain(self.order.env._(
                "The form does not fit the order, which may have changed. Please look at it "
                "again."))
        quantities = {lines[name]: self._quantity(lines[name], self.form[name])
                      for name in given if name in lines}
        return {line: quantity for line, quantity in quantities.items() if quantity is not None}

    def _quantity(self, line, text):
        """Return the quantity that a text says, none when it says none that can be."""
        try:
            quantity = web_values.number(text)
        except web_values.Unreadable:
            quantity = -1
        if 0 <= quantity <= MAX_QUANTITY:
            return line.product_uom_id.round(quantity)
        return self._complain(line.env._(
            "%(product)s: please give a quantity from 0 to %(limit)s.",
            product=line._correction_name(), limit=MAX_QUANTITY))

    def _address(self):
        given = self.form.get('address')
        if not given:
            return None
        chosen = self.order._correction_addresses().filtered(
            lambda address: str(address.id) == given)
        return chosen or self._complain(self.order.env._("Please choose one of your addresses."))

    def _date(self):
        """Return the moment on the wanted day: at the time that was planned, or else at noon."""
        if not self.form.get('date'):
            return None
        try:
            day = fields.Date.to_date(web_values.date(self.form['date']))
        except ValueError:
            return self._complain(self.order.env._("Please give the day of delivery as a date."))
        planned = self._local(self.order._planned_date())
        if planned and planned.date() == day:
            return None
        first, last = self.order._correction_days()
        if not first <= day <= last:
            return self._complain(self.order._complain_of_days())
        return self._utc(datetime.combine(day, planned.time() if planned else NOON))

    def _note(self):
        try:
            return web_values.text(self.form.get('note', ''), NOTE_SIZE)
        except web_values.Unreadable:
            self._complain(self.order.env._("The note is too long."))
            return ''

    def _local(self, moment):
        return moment and fields.Datetime.context_timestamp(self.order, moment).replace(tzinfo=None)

    def _utc(self, local):
        return self.order.env.tz.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
