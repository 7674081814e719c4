from datetime import timedelta

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests import web_files, web_values
from odoo.addons.portal.controllers.portal import pager

from ..quantities import quantities, read_quantity
from .start_form import STARTED, StartForm

URL = '/my/quotation/new'
# So many products of earlier purchases stand on a page, and so many may be asked for at once.
PURCHASES = 20
MAX_LINES = 100
# What is needed is needed at most so many days ahead.
MAX_DAYS = 730


class StartQuotation(StartForm):
    """A customer asks for a quotation: of what he bought before, or in his own words."""

    @route(URL, type='http', auth='user', website=True, methods=['GET'], readonly=only_read)
    def portal_quotation_form(self, order=None, bill=None, product=None, **params):
        """Show the form, with what is to be bought again.

        :param str order: the order of which everything is to be bought again
        :param str bill: the same for a bill
        :param str product: one product that was bought before
        """
        self._customer()._check_portal_right('buy')
        given, gone = {}, []
        if product:
            given = self._given_product(product)
        elif order or bill:
            lines = self._lines_of('sale.order.line', 'order_id', order) if order else (
                self._lines_of('account.move.line', 'move_id', bill))
            given, gone = self._again(lines)
        return self._render_quotation(given, gone=gone)

    @route(
        URL, type='http', auth='user', website=True, methods=['POST'],
        max_content_length=web_files.MAX_TOTAL_SIZE + 2 ** 20)
    def portal_quotation_send(self, **params):
        """Make the request, or show the form anew when he looks for more products."""
        user, form = self._customer(), request.httprequest.form
        user._check_portal_right('buy')
        if 'send' not in form:
            return self._render_quotation(self._without_removed(form))
        wanted, data, errors = self._read_quotation(form)
        files, refused = self._read_files()
        errors.update(refused)
        if self._once(form, errors, lambda: self._make_quotation(user, wanted, data, files)):
            return request.redirect('/my/quotation/thanks')
        return self._render_quotation(form, errors)

    @route('/my/quotation/thanks', type='http', auth='user', website=True, readonly=only_read)
    def portal_quotation_thanks(self, **params):
        """Tell the number of the request for a quotation."""
        user = self._customer()
        sent = request.session.get(STARTED, {})
        if sent.get('kind') != 'quotation':
            return request.redirect(URL)
        found = request.env['crm.request'].search([('id', '=', sent['id'])])
        return request.render('crm_selfservice_portal.start_thanks', {
            'page_name': 'quotation', 'sent': sent, 'seen': found,
            'contact': user._portal_contact()})

    # What is bought again

    def _lines_of(self, model, name, number):
        """Return the lines of a document by which products were bought.

        :raise NotFound: when the user sees no such document, or it is not confirmed
        """
        lines = request.env[model]
        if not number.isdecimal() or len(number) > 9:
            raise NotFound()
        bought = lines._bought_domain() if name == 'order_id' else lines._billed_domain()
        found = lines.search(bought & Domain(name, '=', int(number)))
        if not found:
            raise NotFound()
        return found

    def _again(self, lines):
        """Return what was bought by lines as the form takes it, and the names of what is gone."""
        # sudo: product.product, uom.uom - products and units of his own documents
        lines_sudo = lines.sudo()
        purchases = {purchase.product: purchase for purchase in request.env[
            'sale.order.line']._bought(domain=Domain('id', 'in', lines_sudo.product_id.ids))}
        wanted, gone = {}, []
        for line in lines_sudo:
            quantity = line['product_uom_qty' if 'product_uom_qty' in line else 'quantity']
            if purchase := purchases.get(line.product_id):
                wanted[purchase] = wanted.get(purchase, 0) + (
                    line.product_uom_id._compute_quantity(quantity, purchase.unit))
            else:
                gone.append(line.product_id.display_name)
        return {
            f'quantity_{purchase.product.id}':
            request.env['crm.request']._quantity_text(quantity)
            for purchase, quantity in wanted.items()}, gone

    def _given_product(self, number):
        purchases = self._purchases([int(number)]) if (
            number.isdecimal() and len(number) <= 9) else []
        if not purchases:
            raise NotFound()
        return {f'quantity_{purchase.product.id}':
                request.env['crm.request']._quantity_text(purchase.quantity)
                for purchase in purchases}

    def _purchases(self, ids):
        """Return those of some products that the user bought and may have again."""
        return request.env['sale.order.line']._bought(
            domain=Domain('id', 'in', ids)) if ids else []

    # The form

    def _render_quotation(self, form=None, errors=None, gone=()):
        form = form or {}
        given = dict(list(quantities(form).items())[:MAX_LINES])
        chosen = self._purchases(list(given))
        today = fields.Date.context_today(request.env.user)
        return request.render('crm_selfservice_portal.quotation_form', {
            **self._prepare_start_form(form, errors or {}),
            **self._prepare_catalog(form, chosen),
            'page_name': 'quotation',
            'offered': bool(request.env['crm.request']._quotation_type()),
            'chosen': [(purchase, given[purchase.product.id]) for purchase in chosen],
            'gone': gone,
            'number': request.env['crm.request']._quantity_text,
            'date_min': today,
            'date_max': today + timedelta(days=MAX_DAYS),
        })

    def _prepare_catalog(self, form, chosen):
        """Return a page of what the customer bought and has not chosen yet."""
        lines = request.env['sale.order.line']
        search = web_values.CONTROLS.sub('', form.get('search', ''))[:100].strip()
        domain = Domain('id', 'not in', [purchase.product.id for purchase in chosen])
        page = form.get('page', '')
        shown = pager(
            URL, lines._bought_count(search, domain), int(page) if page.isdecimal() else 1,
            PURCHASES)
        return {
            'search': search,
            'pages': shown,
            'catalog': lines._bought(search, domain, PURCHASES, shown['offset']),
        }

    def _without_removed(self, form):
        """Return what was typed, but for the product that is taken off the list."""
        return {name: value for name, value in form.items()
                if name != f'quantity_{form.get("remove")}'}

    def _read_quotation(self, form):
        """Read the form.

        :return: what he wants, the other data, and by the name of the field what is wrong
        :rtype: tuple[list, dict, dict]
        """
        data, errors = self._read_lines(form, {
            'text': (request.env._("What else you need"), web_values.TEXT_SIZE, False),
            'phone': (request.env._("Phone"), 40, False)})
        data['date'], late = self._read_date(form.get('date', ''))
        wanted, refused = self._read_wanted(form)
        errors = {**errors, **late, **refused}
        if not errors and not wanted and not data['text']:
            errors['form'] = request.env._(
                "Please choose a product, or write what you need.")
        if not request.env['crm.request']._quotation_type():
            errors['form'] = request.env._(
                "At present quotations cannot be asked for here. Please write or call us.")
        return wanted, data, errors

    def _read_wanted(self, form):
        """Return the products with their quantities, and what is wrong with them."""
        given, errors, wanted = quantities(form), {}, []
        if len(given) > MAX_LINES:
            return [], {'form': request.env._(
                "Please ask for no more than %(count)s products at once.", count=MAX_LINES)}
        purchases = self._purchases(list(given))
        if len(purchases) < len(given):
            errors['form'] = request.env._(
                "Something you chose is not sold any more, or was never bought by you. It was "
                "taken off the list: please look through it and send it again.")
        for purchase in purchases:
            try:
                wanted.append((purchase, read_quantity(given[purchase.product.id])))
            except web_values.Unreadable:
                errors[f'quantity_{purchase.product.id}'] = request.env._(
                    "%(product)s: please write a quantity above zero, or remove it.",
                    product=purchase.product.display_name)
        return wanted, errors

    def _read_date(self, text):
        """Return the day by which he needs it, and what is wrong with it."""
        if not text.strip():
            return None, {}
        today = fields.Date.context_today(request.env.user)
        try:
            day = fields.Date.to_date(web_values.date(text))
        except web_values.Unreadable:
            day = None
        if day and today <= day <= today + timedelta(days=MAX_DAYS):
            return day, {}
        return None, {'date': request.env._("Please choose a day within the next two years.")}

    def _make_quotation(self, user, wanted, data, files):
        request_sudo = request.env['crm.request']._ask_for_quotation(user, wanted, data, files)
        request.env['crm.representative.act']._note('quotation', request_sudo)
        return {'kind': 'quotation', 'id': request_sudo.id, 'number': request_sudo.number}
