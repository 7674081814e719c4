from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Who lends the orders of others.
LENDERS = 'crm_roles.group_call_center_lead,crm_roles.group_sales_manager'
ABSENCE_FIELDS = ['absent_from', 'absent_until', 'deputy_id']


class ResUsers(models.Model):
    """When somebody is away, and who stands in for him."""

    _inherit = 'res.users'

    absent_from = fields.Date()
    absent_until = fields.Date(help="The last day of the absence.")
    deputy_id = fields.Many2one(
        'res.users', domain=[('share', '=', False)],
        help="Gets the orders that would come to this person during an absence.")
    is_absent = fields.Boolean("Absent Today", compute='_compute_absence')
    away_from = fields.Date(compute='_compute_absence', help="The current or the next absence.")
    away_until = fields.Date(compute='_compute_absence')
    open_order_count = fields.Integer(
        "Orders to Call About", compute='_compute_open_order_count', groups=LENDERS)
    lent_order_count = fields.Integer(
        "Orders Lent", compute='_compute_lent_order_count', groups=LENDERS)

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ABSENCE_FIELDS

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ABSENCE_FIELDS

    @api.depends('absent_from', 'absent_until')
    def _compute_absence(self):
        today = fields.Date.context_today(self)
        for user, absences in self._absences().items():
            first, last = absences[0] if absences else (False, False)
            user.is_absent = first and first <= today
            user.away_from, user.away_until = first, last

    def _compute_open_order_count(self):
        counts = self.env['sale.order']._open_orders_of(self)
        for user in self:
            user.open_order_count = counts[user]

    def _compute_lent_order_count(self):
        counts = dict(self.env['sale.order']._read_group(
            [('lender_id', 'in', self.ids)], ['lender_id'], ['__count']))
        for user in self:
            user.lent_order_count = counts.get(user, 0)

    @api.constrains('absent_from', 'absent_until')
    def _check_absence(self):
        for user in self:
            if user.absent_from and user.absent_until and user.absent_until < user.absent_from:
                raise ValidationError(
                    self.env._(
                        "%s: the absence ends before it begins. Correct one of the two days.",
                        user.name,
                    )
                )

    @api.constrains('deputy_id')
    def _check_deputy_id(self):
        for user in self:
            if user.deputy_id == user:
                raise ValidationError(self.env._(
                    "%s cannot stand in for himself. Choose somebody else.", user.name))

    def write(self, vals):
        result = super().write(vals)
        if {'absent_from', 'absent_until'} & vals.keys():
            self._follow_absences_soon()
        return result

    def action_set_absence(self):
        """Open the dialog in which a lead says when somebody is away."""
        self.ensure_one()
        return {
            'name': self.env._("Absence"),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.manager.absence',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_user_id': self.id},
        }

    def action_view_lent_orders(self):
        """Open the orders the user has lent."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_order_manager.sale_order_action_call')
        action['domain'] = [('lender_id', '=', self.id)]
        action['context'] = {}
        return action

    def _absences(self):
        """Return when the users are or will be away; for addons to add what they know.

        :return: for each user his absences that are not over, as pairs of the first and the last
            day, the earliest first; the last day is None when the end is open
        :rtype: dict[res.users, list[tuple]]
        """
        today = fields.Date.context_today(self)
        return {
            user: [(user.absent_from or today, user.absent_until or None)]
            if (user.absent_from or user.absent_until)
            and (not user.absent_until or user.absent_until >= today)
            else []
            for user in self
        }

    def _absent(self):
        """Return who of the users is away today.

        :rtype: res.users
        """
        today = fields.Date.context_today(self)
        absences = self._absences()
        return self.filtered(lambda user: any(first <= today for first, _last in absences[user]))

    @api.model
    def _follow_absences_soon(self):
        """Have what was lent given back, and what is to be lent lent, in a moment."""
        action = self.env.ref(
            'crm_order_manager.ir_cron_follow_absences', raise_if_not_found=False)
        if action:
            # sudo: ir.cron - whoever is away, the action that follows absences runs as itself
            action.sudo()._trigger()
