from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import Controller, request, route
from odoo.tools import format_date

from odoo.addons.crm_roles.controllers.workbook import Column, Sheet, send_workbook
from odoo.addons.crm_roles.replica import only_read

from .sales_workbook import asked_of, workbook_context

# So many products, and lines of orders, a workbook has at most.
LINES = 5000


class CustomerWorkbookController(Controller):

    @route(
        '/crm_sales_facts/customer/<int:partner_id>/xlsx', type='http', auth='user',
        readonly=only_read)
    def customer_workbook(self, partner_id, whole_group='', context='{}'):
        """Send what the page of a customer's sales shows, and what has no place there.

        :param str whole_group: whether the companies of the same group are included
        :param str context: JSON of the context of the page
        """
        customer = request.env['res.partner'].with_context(
            **workbook_context(asked_of(context))).search([('id', '=', partner_id)])
        if not customer:
            raise NotFound()
        sheet = customer.get_sales_sheet(bool(whole_group), limit=LINES)
        return send_workbook(
            customer.env._("Sales and Profit, %(customer)s", customer=sheet['name']),
            lambda book: CustomerBook(customer.env, book, sheet).fill())


class CustomerBook:
    """The workbook of a customer's sales: the months, the products, what is to be delivered."""

    def __init__(self, env, book, content):
        self.env, self.book, self.content = env, book, content
        self.currency = env['res.currency'].browse(content['currency_id']).name

    def fill(self):
        self._write_months()
        self._write_products()
        self._write_lines()

    def _sheet(self, name, columns):
        """Return a sheet with its title; the margin is a column where it may be seen."""
        sheet = Sheet(self.book, name, columns)
        sheet.title(
            self.content['name'],
            self.env._("Company: %(name)s", name=self.env.company.name),
            self.env._("Amounts without tax, in %(currency)s", currency=self.currency))
        sheet.heads()
        return sheet

    def _margin(self, *columns):
        return columns if self.content['margin'] else ()

    def _customer(self, *columns):
        """Say whose it is where it is not all of one customer."""
        return columns if self.content['whole_group'] else ()

    def _write_months(self):
        env, months, figures = self.env, self.content['months'], self.content['figures']
        sheet = self._sheet(env._("Sales"), [
            Column(env._("Month"), width=24), Column(env._("Sales"), 'money', 18),
            Column(env._("Year Before"), 'money', 18),
            *self._margin(Column(env._("Margin"), 'money', 18))])
        for month in zip(
                months['labels'], months['amounts'], months['before'],
                *self._margin(months['margins']), strict=True):
            sheet.row([self._month(month[0]), *month[1:]])
        sheet.row([
            env._("Total"), figures['amount'], figures['before'],
            *self._margin(figures['margin'])], 'total')

    def _month(self, day):
        return format_date(self.env, day, date_format='LLLL yyyy')

    def _write_products(self):
        env, products = self.env, self.content['products']
        sheet = self._sheet(env._("Products"), [
            Column(env._("Product"), width=44),
            *self._customer(Column(env._("Customer"), width=36)),
            Column(env._("First"), 'day', 12),
            Column(env._("Last"), 'day', 12), Column(env._("Times"), 'number', 9),
            Column(env._("Quantity"), 'number', 12), Column(env._("Unit"), width=12),
            Column(env._("Last Price"), 'money'), Column(env._("Average Price"), 'money'),
            Column(env._("Every (Days)"), 'number', 14),
            Column(env._("Next Expected"), 'day', 15), Column(env._("Amount"), 'money'),
            *self._margin(Column(env._("Margin"), 'money'))])
        for product in products:
            sheet.row([
                product['name'], *self._customer(product['customer']), product['date_first'],
                product['date_last'], product['day_count'], product['quantity'], product['unit'],
                product['price_last'], product['price_average'], product['rhythm'] or None,
                product['date_next'], product['amount'],
                *self._margin(product.get('margin'))])
        sheet.filters()
        sheet.row([
            env._("Total"), *self._customer(''), *[''] * 9,
            sum(product['amount'] for product in products),
            *self._margin(sum(product.get('margin', 0.0) for product in products))], 'total')

    def _write_lines(self):
        env = self.env
        sheet = self._sheet(env._("Not Delivered"), [
            Column(env._("Order")), *self._customer(Column(env._("Customer"), width=36)),
            Column(env._("Ordered On"), 'day'),
            Column(env._("Product"), width=44), Column(env._("Ordered"), 'number', 12),
            Column(env._("To Deliver"), 'number', 12), Column(env._("Unit"), width=12),
            Column(env._("Promised For"), 'day')])
        for line in self.content['lines']:
            sheet.row([
                line['order'], *self._customer(line['customer']), self._day(line['date_order']),
                line['name'], line['ordered'], line['open'], line['unit'],
                self._day(line['date_promised'])])
        sheet.filters()

    def _day(self, moment):
        """Return the day of a moment where the user is."""
        return moment and fields.Datetime.context_timestamp(self.env.user, moment).date()
