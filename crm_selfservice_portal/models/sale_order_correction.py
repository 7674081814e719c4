from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_datetime

READERS = 'crm_roles.group_order_reader,crm_roles.group_account_representative'


class SaleOrder(models.Model):
    """Whether a customer may still correct his order, and what waits to be decided."""

    _inherit = 'sale.order'

    correction_ids = fields.One2many(
        'crm.order.correction', 'order_id', "Corrections", groups=READERS)
    correction_count = fields.Integer(
        "Number of Corrections", compute='_compute_correction_count', groups=READERS)
    waiting_correction_id = fields.Many2one(
        'crm.order.correction', "Correction to Decide", groups=READERS,
        compute='_compute_waiting_correction_id', search='_search_waiting_correction_id')
    waiting_correction_by_id = fields.Many2one(
        related='waiting_correction_id.partner_id', string="Correction Asked by", groups=READERS)
    waiting_correction_summary = fields.Text(
        related='waiting_correction_id.summary', string="Wanted Changes", groups=READERS)
    may_decide_correction = fields.Boolean(
        related='waiting_correction_id.may_decide', related_sudo=False, groups=READERS)
    corrected_at = fields.Datetime(
        "Corrected", readonly=True, copy=False,
        help="When the customer last corrected the order, or asked for it.")

    @api.depends('correction_ids')
    def _compute_correction_count(self):
        counts = dict(self.env['crm.order.correction']._read_group(
            [('order_id', 'in', self.ids)], ['order_id'], ['__count']))
        for order in self:
            order.correction_count = counts.get(order, 0)

    @api.depends('correction_ids.state')
    def _compute_waiting_correction_id(self):
        for order in self:
            order.waiting_correction_id = order.correction_ids.filtered(
                lambda correction: correction.state == 'waiting')[:1]

    def _search_waiting_correction_id(self, operator, value):
        if operator != 'in':
            return NotImplemented
        waiting = Domain('state', '=', 'waiting')
        ids = [correction_id for correction_id in value if correction_id]
        found = Domain('correction_ids', 'any', waiting & Domain('id', 'in', ids))
        if len(ids) < len(value):
            found |= ~Domain('correction_ids', 'any', waiting)
        return found

    def action_view_corrections(self):
        """Open the corrections of the order.

        :rtype: dict
        """
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'crm_selfservice_portal.crm_order_correction_action'),
            'domain': [('order_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_apply_correction(self):
        """Do what the customer asked to have changed.

        :raise UserError: when that is not possible any more
        """
        return self.waiting_correction_id.action_apply()

    def action_refuse_correction(self):
        """Ask for the reason why what the customer asked for is refused.

        :rtype: dict
        """
        return self.waiting_correction_id.action_refuse()

    def _action_cancel(self):
        result = super()._action_cancel()
        for order in self:
            # sudo: crm.order.correction - with the order goes what was to be changed in it
            waiting_sudo = order.sudo().waiting_correction_id
            waiting_sudo._refuse(self.env._("%(order)s was cancelled.", order=order.name))
            waiting_sudo._answer_customer()
        return result

    # Whether it may be corrected

    def _correction_closed(self):
        """Return why the customer may not correct the order himself, as a sentence for him.

        :return: nothing while he may
        :rtype: str
        """
        self.ensure_one()
        if self.company_id.correction_mode == 'no':
            return self.env._("Orders are not changed online.")
        return self._correction_refusal() or self._correction_lateness()

    def _correction_refusal(self):
        """Return why nobody can correct the order any more by a correction of the customer.

        Extend it by what else stands against it, such as goods that are being packed.

        :return: a sentence for the customer; nothing while it is possible
        :rtype: str
        """
        self.ensure_one()
        if self.state == 'cancel':
            return self.env._("%(order)s was cancelled.", order=self.name)
        if self.state != 'sale':
            return self.env._("%(order)s is not confirmed yet.", order=self.name)
        if self.locked:
            return self.env._(
                "%(order)s is closed for changes: we are working on it.", order=self.name)
        lines = self.order_line._correctable()
        if not lines:
            return self.env._("%(order)s has nothing that can be changed.", order=self.name)
        if all(line._is_family_delivered() for line in lines):
            return self.env._("%(order)s was delivered.", order=self.name)
        return ''

    def _correction_lateness(self):
        """Return that it is too late to correct the order, when it is.

        :rtype: str
        """
        deadline = self._correction_deadline()
        if not deadline or fields.Datetime.now() < deadline:
            return ''
        return self.env._(
            "It is too late: %(order)s could be changed until %(deadline)s.", order=self.name,
            deadline=format_datetime(self.env, deadline, dt_format='short'))

    def _correction_deadline(self):
        """Return until when the customer may correct the order.

        :return: in UTC; nothing when no date of delivery is planned
        :rtype: datetime | None
        """
        planned = self._planned_date()
        return planned and planned - timedelta(hours=self.company_id.correction_hours)

    def _planned_date(self):
        """Return when the order is to be delivered: as promised, or else as its products say.

        Products without any lead time plan nothing.

        :return: in UTC
        :rtype: datetime | None
        """
        self.ensure_one()
        if self.commitment_date:
            return self.commitment_date
        expected = self.expected_date
        return expected if expected and expected > self.date_order else None

    def _correction_addresses(self):
        """Return to which addresses of his the customer may have the order delivered.

        :return: complete addresses only, beside the present one
        :rtype: res.partner
        """
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        complete = Domain('street', '!=', False) & Domain('city', '!=', False)
        return self.partner_shipping_id | self.env['res.partner'].search(
            customer._get_delivery_address_domain() & complete, order='name, id', limit=100)

    def _correction_manager(self):
        """Return who is told of corrections: who manages the order, or else the customer.

        :rtype: res.users
        """
        self.ensure_one()
        candidates = (
            self.order_manager_id, self.personal_manager_id, self.user_id, self.team_id.user_id)
        return next(
            (user for user in candidates if user.active and not user.share),
            self.env['res.users'])

    def _may_correct(self, user):
        """Return whether a user may correct the order, which he sees in the portal, now.

        :rtype: bool
        """
        self.ensure_one()
        return (
            user._is_portal() and user._has_portal_right('buy')
            and not self.waiting_correction_id and not self._correction_closed())

    def _portal_correction(self, user):
        """Return what a user of the portal is shown about corrections of the order.

        :return: whether he may correct it now, whether he might withdraw one, which one waits,
            and those there were; nothing for who sees the order by a link only
        :rtype: dict
        """
        self.ensure_one()
        if not user._is_portal() or not self.with_user(user).has_access('read'):
            return {}
        waiting = self.waiting_correction_id
        return {
            'may': self._may_correct(user),
            'may_withdraw': user._has_portal_right('buy'),
            'waiting': waiting,
            'history': self.correction_ids - waiting,
        }
