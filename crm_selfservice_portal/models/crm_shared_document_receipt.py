from odoo import api, fields, models
from odoo.tools import SQL


class CrmSharedDocumentReceipt(models.Model):
    """What somebody knows of a shared document: when he was told of it, and when he read it."""

    _name = 'crm.shared.document.receipt'
    _description = "Receipt of a Shared Document"
    _order = 'date_last DESC, id DESC'
    _rec_name = 'partner_id'

    document_id = fields.Many2one(
        'crm.shared.document', required=True, readonly=True, ondelete='cascade', index=True)
    partner_id = fields.Many2one(
        'res.partner', "Recipient", required=True, readonly=True, ondelete='cascade', index=True)
    commercial_partner_id = fields.Many2one(
        'res.partner', "Customer", related='partner_id.commercial_partner_id', store=True)
    date_told = fields.Datetime("Told on", readonly=True, help="When the mail was made.")
    date_first = fields.Datetime("First Read on", readonly=True)
    date_last = fields.Datetime("Last Read on", readonly=True)
    read_count = fields.Integer("Times Read", readonly=True)

    _once = models.UniqueIndex('(document_id, partner_id)', "A recipient has one receipt.")

    @api.model
    def _note_read(self, document, partner):
        """Note that somebody reads a document, though he does so twice at the same time.

        :param document: a `crm.shared.document`
        :param partner: who, a `res.partner`
        :return: whether it is the first time
        :rtype: bool
        """
        now = fields.Datetime.now()
        [(count,)] = self._upsert(
            document, partner, SQL("date_first, date_last, read_count"),
            SQL("%s, %s, 1", now, now), SQL(
                """date_first = COALESCE(receipt.date_first, excluded.date_first),
                   date_last = excluded.date_last, read_count = receipt.read_count + 1"""),
            SQL("TRUE"), SQL("read_count"))
        return count == 1

    @api.model
    def _note_told(self, document, partners):
        """Note that contacts are told of a document.

        :param document: a `crm.shared.document`
        :param partners: who, `res.partner`
        :return: the receipts of those who were not told before
        :rtype: crm.shared.document.receipt
        """
        rows = self._upsert(
            document, partners, SQL("date_told, read_count"), SQL("%s, 0", fields.Datetime.now()),
            SQL("date_told = excluded.date_told"), SQL("receipt.date_told IS NULL"), SQL("id"))
        return self.browse(row[0] for row in rows)

    def _upsert(self, document, partners, columns, values, update, condition, returned):
        """Write receipts of contacts, whether there are such or not, and return what is asked."""
        self.flush_model()
        rows = self.env.execute_query(SQL(
            """
            INSERT INTO crm_shared_document_receipt AS receipt (
                document_id, partner_id, commercial_partner_id, create_uid, write_uid,
                create_date, write_date, %(columns)s)
            SELECT %(document)s, id, commercial_partner_id, %(uid)s, %(uid)s,
                   %(now)s, %(now)s, %(values)s
            FROM res_partner WHERE id = ANY(%(partners)s)
            ON CONFLICT (document_id, partner_id) DO UPDATE SET %(update)s WHERE %(condition)s
            RETURNING receipt.%(returned)s
            """,
            columns=columns, document=document.id, uid=self.env.uid, values=values,
            now=fields.Datetime.now(), partners=list(partners.ids), update=update,
            condition=condition, returned=returned))
        self.invalidate_model()
        document.invalidate_recordset(['receipt_ids'])
        return rows
