from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every

# Orders that are looked at between two commits.
BATCH = 20
# Promises that lie further ahead may still be kept.
HORIZON_DAYS = 14


class CrmOrderDelay(models.Model):
    """Customers are told that a promise will not be kept before it is broken."""

    _inherit = 'crm.order.delay'

    @api.model
    def _cron_tell(self):
        """Tell the customers whose orders will be late, in working hours; scheduled.

        Each promise is told of once, together with the note of it, so it may be killed and run
        again at any moment.
        """
        cron = self.env['ir.cron']
        now = fields.Datetime.now()
        due = [
            order_id for company in self._companies_at_work(now)
            for order_id in self._promises_at_risk(company, now)]
        cron._commit_progress(remaining=len(due))
        for ids in split_every(BATCH, due):
            orders = self.env['sale.order'].browse(ids).try_lock_for_update()
            self._tell(orders, now)
            if not cron._commit_progress(len(ids)):
                break

    @api.model
    def _companies_at_work(self, now):
        return self.env['res.company'].search([('late_notice', '=', True)]).filtered(
            lambda company: company._next_work(now) <= now)

    @api.model
    def _promises_at_risk(self, company, now):
        """Return the orders of a company that were promised soon, are not delivered, and of whose
        promise the customer was told nothing yet.

        :param datetime now: in UTC
        :return: ids, those with the earliest promise first
        :rtype: list[int]
        """
        self.env.flush_all()
        lines = self.env['sale.order.line']
        return [row[0] for row in self.env.execute_query(SQL(
            """
            SELECT order_id FROM (
                SELECT line.order_id, min(%(promise)s) AS date_promised
                FROM sale_order_line line
                JOIN sale_order sale ON sale.id = line.order_id
                JOIN product_product product ON product.id = line.product_id
                JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE line.state = 'sale' AND line.display_type IS NULL
                  AND line.qty_delivered < line.product_uom_qty AND line.date_delivered IS NULL
                  AND line.is_downpayment IS NOT TRUE AND template.type = 'consu'
                  AND sale.company_id = %(company)s
                GROUP BY line.order_id
            ) open
            WHERE date_promised > %(now)s AND date_promised <= %(end)s
              AND NOT EXISTS (
                SELECT FROM crm_order_delay delay WHERE delay.order_id = open.order_id
                   AND delay.date_promised = open.date_promised)
            ORDER BY date_promised, order_id
            """,
            promise=lines._promise_sql(SQL("sale"), SQL("line")), company=company.id, now=now,
            end=now + timedelta(days=HORIZON_DAYS)))]

    @api.model
    def _tell(self, orders, now):
        """Note which of the orders will be late, and tell their customers by mail.

        :param orders: `sale.order`, locked
        :param datetime now: in UTC
        :return: the notes
        :rtype: crm.order.delay
        """
        forecasts = orders._forecasts()
        promises = {order: order._next_promise() for order in orders}
        late = [
            order for order in orders
            if (promises[order] or now) > now and not order._told(promises[order])
            and order._will_be_late(promises[order], forecasts.get(order), now)]
        delays = self.create([{
            'order_id': order.id,
            'date_promised': promises[order],
            'date_expected': forecasts[order].latest if order in forecasts else False,
            'date_noticed': now,
        } for order in late])
        delays._send()
        return delays

    def _send(self):
        """Put the mails into the queue; who has no address is to be called."""
        mailed = self.filtered(lambda delay: delay.partner_id.email_normalized)
        mailed.mailed = True
        self.env.ref('crm_selfservice_portal.mail_template_order_delay').send_mail_batch(
            mailed.order_id.ids, email_layout_xmlid='mail.mail_notification_light')
        for delay in self - mailed:
            delay.order_id._remind_manager(self.env._(
                "Tell %(customer)s that the order will be late: there is no mail address.",
                customer=delay.partner_id.name), 'mail.mail_activity_data_call')
