from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS_BY_HAND = [
    ('transfer', "Transfer"),
    ('wrong', "Was with the Wrong Person"),
    ('left', "Has Left"),
    ('other', "Other"),
]
ABSENCE = ('absence', "Absence")
REASONS = [
    ('created', "Created"),
    ('taken', "Taken from the Queue"),
    ('untouched', "Given Back Untouched"),
    *REASONS_BY_HAND,
    ABSENCE,
]


class CrmManagerChange(models.Model):
    """One line of the ledger: who was put on what, when, by whom and why. Never changed."""

    _name = 'crm.manager.change'
    _description = "Change of Manager"
    _order = 'date DESC, id DESC'
    _rec_names_search = ['order_id', 'partner_id']

    kind = fields.Selection(
        [('order', "Order Manager"), ('personal', "Personal Manager")], "Manager of", required=True)
    order_id = fields.Many2one('sale.order', index='btree_not_null', ondelete='cascade')
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', index=True)
    from_user_id = fields.Many2one('res.users', "From", index='btree_not_null')
    to_user_id = fields.Many2one('res.users', "To", index='btree_not_null')
    user_id = fields.Many2one('res.users', "Changed by", required=True)
    date = fields.Datetime(required=True, index=True)
    reason = fields.Selection(REASONS, required=True)
    note = fields.Char()

    @api.depends('order_id', 'partner_id', 'to_user_id')
    def _compute_display_name(self):
        for line in self:
            about = (line.order_id or line.partner_id).display_name
            line.display_name = f"{about}: {line.to_user_id.name or self.env._('nobody')}"

    @api.model
    def _log(self, records, before, reason, note=None):
        """Write into the ledger whose manager is another than before.

        :param records: the `sale.order` or `res.partner` records after the change
        :param dict before: the id of the former manager, or False, by the id of the record
        :param str reason: one of the reasons of the ledger
        :param str note: what else there is to say
        :return: the new lines
        :rtype: crm.manager.change
        """
        field_name = self._manager_field(records)
        now = fields.Datetime.now()
        values = [
            {
                **self._prepare_document_values(record),
                'from_user_id': before.get(record.id, False),
                'to_user_id': record[field_name].id,
                'user_id': self.env.uid,
                'date': now,
                'reason': reason,
                'note': note,
            }
            for record in records if record[field_name].id != before.get(record.id, False)
        ]
        # sudo: crm.manager.change - nobody has the right to write the ledger, it writes itself
        return self.sudo().create(values).sudo(self.env.su)

    @api.model
    def _manager_field(self, records):
        """Return the name of the field that names the manager of `records`."""
        return 'order_manager_id' if records._name == 'sale.order' else 'personal_manager_id'

    @api.model
    def _prepare_document_values(self, record):
        """Return what a line says of the document whose manager changed."""
        if record._name == 'sale.order':
            return {
                'kind': 'order',
                'order_id': record.id,
                'partner_id': record.partner_id.id,
                'company_id': record.company_id.id,
            }
        return {'kind': 'personal', 'partner_id': record.id, 'company_id': record.company_id.id}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The ledger of managers is never changed."))
