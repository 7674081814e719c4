from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .crm_campaign_member_decline import DECLINE_REASONS


class CrmOffer(models.Model):
    """A customer takes or declines in his portal what he is offered, and sees why he is."""

    _inherit = 'crm.offer'

    decline_reason = fields.Selection(DECLINE_REASONS, "Declined Because", copy=False)

    def action_offered(self):
        result = super().action_offered()
        self.decline_reason = False
        return result

    def _portal_evidence(self):
        """Return the reason as the customer is told it; nobody else is named, nor what he bought.

        :rtype: str
        """
        if self.joint_offer_id or self.kind == 'relation':
            return self.env._("Because somebody you have to do with bought from us.")
        known = {
            'product': self.evidence_product_id.name or '',
            'date': format_date(self.env, self.evidence_date) if self.evidence_date else '',
            'label': self.evidence_label or ''}
        if self.kind == 'bought' and known['product']:
            return self.env._("Because you bought %(product)s on %(date)s.", **known)
        if self.kind == 'date':
            return self.env._("On the occasion of: %(label)s, %(date)s.", **known)
        return ''

    def _take_in_portal(self, partner):
        """Make the quotation for a customer, who finds it in his portal; once.

        :param res.partner partner: who takes it, at the customer or at a company above it
        :return: the quotation, none when the offer is over
        :rtype: sale.order
        :raise LockError: when somebody else just does something with it
        """
        self._lock_for_answer()
        order = self.order_ids.filtered(lambda order: order.state != 'cancel')
        if order or not self._is_open():
            return order
        order = self.env['sale.order'].with_company(self.company_id).create(
            {**self._prepare_order_values(), 'partner_id': self._orderer(partner).id})
        order.action_quotation_sent()
        self.state = 'accepted'
        self._tell_taken(order)
        return order

    def _decline_in_portal(self, reason):
        """Note that a customer does not want it, and why.

        :param str reason: one of `DECLINE_REASONS`, or nothing
        :return: whether there was something to decline
        :rtype: bool
        :raise LockError: when somebody else just does something with it
        """
        self._lock_for_answer()
        if not self._is_open():
            return False
        self.write({'state': 'declined', 'decline_reason': reason})
        return True

    def _lock_for_answer(self):
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(['state', 'order_ids'])

    def _is_open(self):
        return bool(self.filtered_domain(self._open_domain()))

    def _open_domain(self):
        """Return the domain of the offers that customers may still take.

        :rtype: Domain
        """
        return Domain('state', 'in', ('new', 'offered')) & ~self._late_domain()

    def _orderer(self, partner):
        return partner if partner.commercial_partner_id == self.partner_id else self.partner_id

    def _tell_taken(self, order):
        """Remind who looks after the customer that he has made a quotation himself."""
        manager = self.partner_id.personal_manager_id or self.partner_id.user_id
        if manager:
            order.activity_schedule(
                'mail.mail_activity_data_todo', user_id=manager.id,
                summary=self.env._("%(offer)s: taken in the portal", offer=self.rule_id.name))
