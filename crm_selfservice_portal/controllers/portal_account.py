from datetime import datetime, timedelta

import pytz
from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import request, route

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal import use_timezone
from odoo.addons.crm_service_requests.portal_format import PortalFormat
from odoo.addons.portal.controllers.portal import CustomerPortal

URL = '/my/account-status'
# So much of each list stands on the page.
SHOWN = 10
DATES = 5
ORDER_FIELDS = ['commitment_date', 'partner_id', 'locked', 'user_id']
LINE_FIELDS = [
    'name', 'order_id', 'product_id', 'product_uom_qty', 'qty_delivered', 'product_uom_id']
REQUEST_FIELDS = ['number', 'name', 'date_received', 'state']
# A call is asked for at most so far ahead.
CALL_DAYS = 60
PHONE_LENGTH = 32
NOTE_LENGTH = 2000


class PortalAccountStatus(CustomerPortal):

    @route(URL, type='http', auth='user', website=True, readonly=only_read)
    def portal_my_account_status(self, call=None, **params):
        """Show how the account of the customer stands: what is owed, on its way and asked.

        :param str call: what became of the wish to be called
        """
        layout = self._prepare_portal_layout_values()
        user = request.env.user
        if not user.share:
            raise NotFound()
        use_timezone(request.env.company)
        customer = request.env['res.partner'].browse(user.partner_id.commercial_partner_id.id)
        return request.render('crm_selfservice_portal.portal_my_account_status', {
            **layout,
            **self._prepare_underway(),
            'page_name': 'account_status',
            # sudo: res.company - the companies are those of the user
            'accounts': customer._open_amounts(request.env.companies.sudo()),
            'ages': customer._age_labels(),
            'credit': customer._credit(request.env.company),
            'contact': user._portal_contact(),
            'call': call,
            'format': PortalFormat(request.env),
            'now': fields.Datetime.now(),
            'call_min': self._local_now(),
            'call_max': self._local_now() + timedelta(days=CALL_DAYS),
        })

    @route('/my/call-back', type='http', auth='user', methods=['POST'], website=True)
    def portal_my_call_back(self, when='', phone='', note='', **params):
        """Ask to be called back.

        :param str when: day and time where the user is
        :param str phone: the number to call
        :param str note: what it is about
        """
        user = request.env.user
        if not user.share:
            raise NotFound()
        use_timezone(request.env.company)
        moment, phone = self._read_moment(when), phone.strip()[:PHONE_LENGTH]
        if not moment or not any(character.isdigit() for character in phone):
            return self._answer_call('refused')
        made = request.env['crm.request']._ask_for_call(
            user, moment, phone, note.strip()[:NOTE_LENGTH])
        return self._answer_call('asked' if made else 'often')

    def _prepare_portal_layout_values(self):
        request.env.user._fetch_for_portal()
        contact = request.env.user._portal_contact()
        values = super()._prepare_portal_layout_values()
        return {**values, 'sales_user': contact} if contact else values

    def _prepare_underway(self):
        """Return what is on its way: orders, what is to be delivered, requests, next dates."""
        orders, lines = request.env['sale.order'], request.env['sale.order.line']
        requests = request.env['crm.request']
        underway = orders._underway_domain()
        undelivered = lines._undelivered_domain()
        pending = requests._pending_domain() & requests._portal_domain(
            request.env.user.partner_id)
        values = {
            **self._prepare_part(
                orders, underway, 'commitment_date, date_order, id', 'order',
                [*orders._portal_columns(), *ORDER_FIELDS]),
            **self._prepare_part(lines, undelivered, 'id', 'line', LINE_FIELDS),
            **self._prepare_part(
                requests, pending, 'date_received DESC, id DESC', 'request', REQUEST_FIELDS),
        }
        # All of them at once; each order looks at its own.
        values['orders'].order_line.product_id.mapped('type')
        deadlines = values['requests']._portal_deadlines()
        return {
            **values,
            'deadlines': deadlines,
            'dates': self._next_dates(values['orders'], values['requests'], deadlines),
        }

    def _prepare_part(self, records, domain, order, name, columns=None):
        """Return the first of some documents and how many there are, under their names.

        :param list columns: the fields that are shown; all when None
        """
        found = records.search_fetch(domain, columns, order=order, limit=SHOWN)
        # sudo: sale.order, sale.order.line, crm.request - found by the rights of the user; names
        # of products, dates and deadlines come from what he cannot read himself
        return {
            f'{name}s': found.sudo(),
            f'{name}_count': len(found) if len(found) < SHOWN else records.search_count(domain),
        }

    def _next_dates(self, orders, requests, deadlines):
        """Return what is promised next: the moment, and of what."""
        dates = [(order._promised_date(), order, 'order') for order in orders]
        dates += [(deadlines.get(found.id), found, 'request') for found in requests]
        now = fields.Datetime.now()
        return sorted(
            (date for date in dates if date[0] and date[0] > now),
            key=lambda date: (date[0], date[2]))[:DATES]

    def _read_moment(self, text):
        """Return the moment in UTC that a text names, or None when nobody could call then."""
        try:
            local = datetime.fromisoformat(text).replace(tzinfo=None)
            moment = request.env.tz.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
        except (ValueError, OverflowError):
            return None
        ahead = moment - fields.Datetime.now()
        return moment if timedelta() < ahead <= timedelta(days=CALL_DAYS) else None

    def _local_now(self):
        return datetime.now(request.env.tz).replace(tzinfo=None, second=0, microsecond=0)

    def _answer_call(self, call):
        return request.redirect_query(URL, {'call': call})
