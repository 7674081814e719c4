from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCommissionSettle(models.TransientModel):
    """Settle a period for everybody who has earned something, or for some."""

    _name = 'crm.commission.settle'
    _description = "Settle Commissions"

    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_day(months=-1, day=1))
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._default_day(day=1, days=-1))
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    user_ids = fields.Many2many(
        'res.users', string="Persons", domain=[('share', '=', False)],
        help="Nobody named means everybody who has earned something.")

    @api.model
    def _default_day(self, **delta):
        return self.env['crm.commission.settlement']._default_day(**delta)

    def action_settle(self):
        """Make a draft for each person who has something to settle, and open them.

        :return: an action: the list of the drafts
        :rtype: dict
        :raise UserError: when nobody has anything to settle
        """
        self.ensure_one()
        self.env['sale.order']._update_all_due_commissions()
        people = self._people()
        if not people:
            raise UserError(self.env._(
                "Nobody has earned a commission until %s that is not settled yet. "
                "Choose a later day.", self.date_to))
        settlements = self.env['crm.commission.settlement'].create([{
            'user_id': user.id,
            'company_id': self.company_id.id,
            'date_from': self.date_from,
            'date_to': self.date_to,
        } for user in people])
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.crm_commission_settlement_action')
        return {**action, 'domain': [('id', 'in', settlements.ids)], 'context': {}}

    def _people(self):
        """Return who has something to settle.

        :rtype: res.users
        """
        domain = [
            *self.env['crm.commission.settlement']._free_domain(),
            ('company_id', '=', self.company_id.id), ('date', '<=', self.date_to)]
        if self.user_ids:
            domain.append(('user_id', 'in', self.user_ids.ids))
        groups = self.env['crm.commission.entry']._read_group(domain, ['user_id'])
        return self.env['res.users'].union(*(user for user, in groups))
