from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL


class CrmSharedDocument(models.Model):
    """For whom a document is: the people of its customers who use the portal."""

    _inherit = 'crm.shared.document'

    receipt_ids = fields.One2many(
        'crm.shared.document.receipt', 'document_id', "Receipts", groups='base.group_user')
    recipient_count = fields.Integer(
        "Recipients", compute='_compute_counts', groups='base.group_user')
    reader_count = fields.Integer(
        "Read by", compute='_compute_counts', groups='base.group_user',
        help="How many of its recipients have read it.")
    unread_partner_ids = fields.Many2many(
        'res.partner', string="Not Yet Read by", compute='_compute_unread_partner_ids',
        search='_search_unread_partner_ids', groups='base.group_user')

    @api.depends('audience', 'partner_ids', 'category_ids', 'receipt_ids')
    def _compute_counts(self):
        rows = self.env.execute_query(SQL(
            "SELECT document.id, count(*), count(receipt.date_first) %s GROUP BY document.id",
            self._recipients_sql(self._these()))) if self.ids else []
        counts = {row[0]: row[1:] for row in rows}
        for document in self:
            document.recipient_count, document.reader_count = counts.get(
                document._origin.id, (0, 0))

    @api.depends('audience', 'partner_ids', 'category_ids', 'receipt_ids')
    def _compute_unread_partner_ids(self):
        unread = dict(self.env.execute_query(SQL(
            "SELECT document.id, array_agg(DISTINCT rights.partner_id) %s"
            " AND receipt.date_first IS NULL GROUP BY document.id",
            self._recipients_sql(self._these())))) if self.ids else {}
        for document in self:
            document.unread_partner_ids = [Command.set(unread.get(document._origin.id, []))]

    def _search_unread_partner_ids(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        partners = self.env['res.partner']
        named = partners.search(value).ids if operator == 'any' else list(value)
        partners = partners.search([('id', 'child_of', named)])
        return Domain('id', 'in', SQL(
            "(SELECT document.id %s"
            " AND receipt.date_first IS NULL AND rights.partner_id = ANY(%s))",
            self._recipients_sql(SQL("document.state = 'published'")), list(partners.ids)))

    def _recipients(self, condition, limit=None):
        """Return contacts among whom the document is for, the first first.

        :param SQL condition: which, about `rights`, `receipt` and `document`
        :rtype: res.partner
        """
        if not self.ids:
            return self.env['res.partner']
        return self.env['res.partner'].browse(row[0] for row in self.env.execute_query(SQL(
            "SELECT DISTINCT rights.partner_id %s AND %s ORDER BY rights.partner_id LIMIT %s",
            self._recipients_sql(self._these()), condition, limit)))

    def _these(self):
        return SQL("document.id = ANY(%s)", list(self.ids))

    @api.model
    def _recipients_sql(self, which):
        """Return from where to take documents with the rights of those for whom they are.

        Who only sees what is in his own name gets what is for him alone, or for all.

        :param SQL which: a condition on `document`
        :rtype: SQL
        """
        for model in (
                self, self.env['res.partner'], self.env['res.users'],
                self.env['crm.representative.right'], self.env['crm.shared.document.receipt']):
            model.flush_model()
        return SQL(
            """
            FROM crm_shared_document AS document
            JOIN crm_representative_right AS rights ON
                rights.can_view OR rights.can_buy OR rights.can_pay OR rights.can_request
                OR rights.can_technical OR rights.can_administer
            JOIN res_users AS users
                ON users.partner_id = rights.partner_id AND users.active AND users.share
            LEFT JOIN crm_shared_document_receipt AS receipt
                ON receipt.document_id = document.id AND receipt.partner_id = rights.partner_id
            WHERE %s AND (document.company_id IS NULL OR EXISTS (
                SELECT FROM res_company_users_rel AS place
                WHERE place.user_id = users.id AND place.cid = document.company_id))
              AND (document.audience = 'all' OR EXISTS (
                SELECT FROM crm_shared_document_partner_rel AS chosen
                WHERE chosen.document_id = document.id AND (
                    chosen.partner_id = rights.partner_id OR rights.scope != 'own'
                    AND chosen.partner_id = rights.commercial_partner_id))
              OR EXISTS (
                SELECT FROM crm_shared_document_category_rel AS tag
                JOIN res_partner_res_partner_category_rel AS tagged
                    ON tagged.category_id = tag.category_id
                WHERE tag.document_id = document.id AND (
                    tagged.partner_id = rights.partner_id OR rights.scope != 'own'
                    AND tagged.partner_id = rights.commercial_partner_id)))
            """, which)
