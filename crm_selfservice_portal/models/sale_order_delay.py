from odoo import fields, models
from odoo.tools import plaintext2html


class SaleOrder(models.Model):
    """The customer of an order that will be late is told, and chooses what is to be done."""

    _inherit = 'sale.order'

    delay_ids = fields.One2many('crm.order.delay', 'order_id', "Late Deliveries")

    def _delay(self):
        """Return what the customer was told last of a promise that will not be kept.

        :rtype: crm.order.delay
        """
        self.ensure_one()
        return self.delay_ids.sorted('id')[-1:]

    def _told(self, promised):
        return any(delay.date_promised == promised for delay in self.delay_ids)

    def _will_be_late(self, promised, forecast, now):
        """Return whether a promise will not be kept: what is to come is expected on a later day,
        or there is too little time left.

        :param datetime promised: in UTC
        :param forecast: when the order is likely to be complete, a `Forecast` or nothing
        :param datetime now: in UTC
        :rtype: bool
        """
        self.ensure_one()
        near = self.company_id._late_notice_end(now) >= promised
        return self._is_expected_after(promised, forecast) or (
            near and not self._is_on_its_way(promised))

    def _is_on_its_way(self, promised):
        """Return whether what is to come is ready to leave in time, as far as is known.

        :param datetime promised: in UTC
        :rtype: bool
        """
        return False

    # What the customer chooses

    def _shows_remedy(self):
        """Return whether the user, a customer, is asked what is to be done about the delay.

        :rtype: bool
        """
        self.ensure_one()
        user = self.env.user
        return user._is_portal() and user._has_portal_right('buy') and self._may_choose_remedy()

    def _may_choose_remedy(self):
        """Return whether the customer may still say what is to be done about the delay.

        :rtype: bool
        """
        self.ensure_one()
        delay = self._delay()
        return bool(delay and not delay.remedy and self._lines_to_come())

    def _choose_remedy(self, remedy, note):
        """Do what the user of the portal has chosen about the delay; once only.

        :param str remedy: one of `REMEDIES`
        :param str note: what he says to it
        :return: whether it was done
        :rtype: bool
        """
        self.ensure_one()
        # sudo: sale.order - a customer who may buy decides about his own order
        order_sudo = self.sudo()
        if not order_sudo._may_choose_remedy():
            return False
        delay_sudo = order_sudo._delay()
        delay_sudo.write({
            'remedy': remedy, 'note': note, 'date_chosen': fields.Datetime.now(),
            'chosen_by_id': self.env.user.id})
        order_sudo._note_remedy(delay_sudo)
        if remedy == 'wait':
            order_sudo._remind_manager(self.env._(
                "The customer waits: set the new delivery date."), 'mail.mail_activity_data_todo')
        else:
            # sudo: crm.request - a customer asks, though he may not make requests himself
            delay_sudo.request_id = self.env['crm.request'].sudo().create(
                delay_sudo._prepare_remedy_request())
        self.env['crm.representative.act']._note(
            'request', self, delay_sudo._remedy_labels()[remedy][0])
        return True

    def _note_remedy(self, delay):
        self._message_log(
            author_id=self.env.user.partner_id.id,
            body=plaintext2html("\n".join(filter(None, [self.env._(
                "About the late delivery the customer has chosen: %(choice)s",
                choice=delay._remedy_labels()[delay.remedy][0]), delay.note]))))

    def _remind_manager(self, summary, activity_type):
        """Plan an activity on the order for its manager, or else for its salesperson."""
        user = self.order_manager_id or self.user_id
        if user:
            self.activity_schedule(
                activity_type, fields.Date.context_today(self), summary=summary, user_id=user.id)
