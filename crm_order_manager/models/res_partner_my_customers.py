from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_roles.uncompiled import uncompiled

READERS = 'crm_roles.group_order_reader,sales_team.group_sale_salesman'
# What people write to each other; notes and notifications are no contact.
CONVERSATION = SQL(
    "message.message_type IN ('comment', 'email', 'email_outgoing') "
    "AND message.is_internal IS NOT TRUE")
OPERATORS = {'<': SQL("<"), '<=': SQL("<="), '>': SQL(">"), '>=': SQL(">=")}


class ResPartner(models.Model):
    """What who looks after a customer wants to know of him, in one list."""

    _inherit = 'res.partner'

    last_contact_at = fields.Datetime(
        "Last Contact", compute='_compute_last_contact_at', search='_search_last_contact_at',
        groups=READERS,
        help="When somebody last called the customer, or he and we wrote to each other.")
    last_order_at = fields.Datetime(
        "Last Order", compute='_compute_last_order_at', search='_search_last_order_at',
        groups=READERS, help="The date of the newest confirmed order.")
    days_since_order = fields.Integer(
        compute='_compute_last_order_at', groups=READERS, aggregator=None)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_last_contact_at(self):
        dates = self._read_moments('last_contact_at')
        for partner in self:
            partner.last_contact_at = dates.get(partner._origin.id)

    def _search_last_contact_at(self, operator, value):
        return self._search_moment('last_contact_at', operator, value)

    @api.depends_context('uid', 'allowed_company_ids', 'tz')
    def _compute_last_order_at(self):
        dates = self._read_moments('last_order_at')
        today = fields.Date.context_today(self)
        for partner in self:
            date = dates.get(partner._origin.id)
            partner.last_order_at = date
            partner.days_since_order = (
                today - fields.Datetime.context_timestamp(self, date).date()).days if date else 0

    def _search_last_order_at(self, operator, value):
        return self._search_moment('last_order_at', operator, value)

    def action_log_call(self):
        """Open the dialog in which a call with the customer is noted."""
        self.ensure_one()
        return {
            'name': self.env._("Call %s", self.display_name),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.call',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_partner_id': self.id},
        }

    def action_offer(self):
        """Open the dialog in which quotations for the customers are made from a template."""
        return {
            'name': self.env._("Make an Offer"),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.customer.offer',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_partner_ids': self.ids},
        }

    def action_plan(self):
        """Open the dialog in which the next step with the customers is planned."""
        return {
            'name': self.env._("Plan the Next Step"),
            'type': 'ir.actions.act_window',
            'res_model': 'mail.activity.schedule',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'active_model': self._name, 'active_ids': self.ids, 'active_id': self[:1].id,
            },
        }

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name not in ('last_contact_at', 'last_order_at', 'days_since_order'):
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        newest_first = (direction.code == 'DESC') != (field_name == 'days_since_order')
        # Never is longer ago than any day.
        return SQL(
            "%s %s",
            self._moment_sql(
                alias, 'last_contact_at' if field_name == 'last_contact_at' else 'last_order_at'),
            SQL("DESC NULLS LAST") if newest_first else SQL("ASC NULLS FIRST"))

    def _read_moments(self, field_name):
        """Return the value of one of the dates by the id of the contact, in one query.

        :rtype: dict[int, datetime]
        """
        ids = self._origin.ids
        return dict(self.env.execute_query(SQL(
            "SELECT partner.id, %s FROM res_partner AS partner WHERE partner.id IN %s",
            self._moment_sql('partner', field_name), tuple(ids),
        ))) if ids else {}

    @api.model
    def _search_moment(self, field_name, operator, value):
        """Return the domain of the contacts one of whose dates compares with `value`.

        :rtype: Domain
        """
        if operator in OPERATORS:
            return Domain.custom(to_sql=lambda model, alias, _query: SQL(
                "%s %s %s", model._moment_sql(alias, field_name), OPERATORS[operator], value))
        if operator == 'in' and set(value) == {False}:
            return Domain.custom(to_sql=lambda model, alias, _query: SQL(
                "%s IS NULL", model._moment_sql(alias, field_name)))
        return NotImplemented

    @api.model
    def _moment_sql(self, alias, field_name):
        """Return one of the dates of the contact `alias` as SQL, of what the user may see.

        The value, the order and the search of the field are all this expression.

        :rtype: SQL
        """
        field = self._fields[field_name]
        self._check_field_access(field, 'read')
        uncompiled(self.env.cr)
        customer = SQL.identifier(alias, 'commercial_partner_id')
        if field_name == 'last_order_at':
            orders = self._documents_of(customer, 'sale.order', Domain('state', '=', 'sale'))
            return orders.subselect(SQL("max(%s)", SQL.identifier(orders.table, 'date_order')))
        self.env['mail.message'].flush_model(['model', 'res_id', 'date', 'message_type'])
        calls = self._documents_of(customer, 'crm.call')
        orders = self._documents_of(customer, 'sale.order')
        orders.add_join('JOIN', 'message', 'mail_message', SQL(
            "message.model = 'sale.order' AND message.res_id = %s AND %s",
            SQL.identifier(orders.table, 'id'), CONVERSATION))
        return SQL(
            """GREATEST(%(called)s, (
                SELECT max(message.date)
                FROM res_partner contact
                JOIN mail_message message
                  ON message.model = 'res.partner' AND message.res_id = contact.id
                WHERE contact.commercial_partner_id = %(customer)s AND %(conversation)s
            ), %(written)s)""",
            called=calls.subselect(SQL("max(%s)", SQL.identifier(calls.table, 'date_start'))),
            customer=customer, conversation=CONVERSATION,
            written=orders.subselect(SQL("max(message.date)")))

    @api.model
    def _documents_of(self, customer, model_name, domain=Domain.TRUE):
        """Return the documents of a customer that the user may see.

        :param SQL customer: the id of the customer
        :rtype: Query
        """
        documents = self.env[model_name]._search(domain)
        documents.add_where(SQL(
            """%s IN (
                SELECT contact.id FROM res_partner contact
                WHERE contact.commercial_partner_id = %s
            )""", SQL.identifier(documents.table, 'partner_id'), customer))
        return documents
