from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import column_exists

BATCH = 100
# Nobody is asked how he likes what he bought longer ago than this.
RECENT_DAYS = 180


class SaleOrder(models.Model):
    """What a personal manager has to do once his customer has paid."""

    _inherit = 'sale.order'

    duties_checked = fields.Boolean(
        "Duties Started", copy=False, readonly=True,
        help="The duties of the personal manager after this purchase have been planned.")

    _duties_idx = models.Index("(date_order) WHERE duties_checked IS NOT TRUE")

    def _auto_init(self):
        fresh = not column_exists(self.env.cr, 'sale_order', 'duties_checked')
        super()._auto_init()
        if fresh:
            # What was paid before is over.
            self.env.cr.execute("UPDATE sale_order SET duties_checked = TRUE WHERE state = 'sale'")

    @api.model
    def _duties_domain(self):
        """Return the domain of the paid orders that ask something of a personal manager.

        :rtype: Domain
        """
        return (
            Domain('duties_checked', '=', False) & Domain('state', '=', 'sale')
            & Domain('amount_unpaid', '=', 0) & Domain('amount_total', '>', 0)
            & Domain('date_order', '>=', f'today -{RECENT_DAYS}d')
            & Domain('partner_id.personal_manager_id.active', '=', True)
        )

    def _start_duties(self):
        """Plan what the personal managers have to do after these purchases, once for each order."""
        # All of them at once; each order looks at its own.
        self.order_line.product_id.mapped('categ_id')
        for order in self:
            categories = order.order_line.filtered(
                lambda line: not line.display_type and not line.is_downpayment
            ).product_id.categ_id
            for plan in self.env['mail.activity.plan'].union(
                    *(category._duty_plan() for category in categories)).sorted('id'):
                order._plan_duties(plan)
        self.duties_checked = True

    def _plan_duties(self, plan):
        """Give the personal manager the activities of `plan`, but none he has to do anyway."""
        customer = self.partner_id.commercial_partner_id
        manager = self.personal_manager_id
        waiting = {(activity.activity_type_id, activity.summary)
                   for activity in customer.activity_ids}
        for step in plan.template_ids:
            if (step.activity_type_id, step.summary) in waiting:
                continue
            # Whoever is assigned sees it on his list; a mail for each would be too many.
            customer.with_context(mail_activity_quick_update=True).activity_schedule(
                activity_type_id=step.activity_type_id.id,
                automated=False,
                summary=step.summary,
                note=Markup("<p>%s</p>%s") % (self._get_html_link(), step.note or ""),
                user_id=step._determine_responsible(manager, customer)['responsible'].id,
                date_deadline=step._get_date_deadline(fields.Date.context_today(self)))

    @api.model
    def _cron_start_duties(self):
        """Plan the duties after all purchases that have been paid since the last time."""
        due = self._duties_domain()
        self.env['ir.cron']._commit_progress(remaining=self.search_count(due))
        while batch := self.search(due, limit=BATCH).try_lock_for_update():
            batch._start_duties()
            if not self.env['ir.cron']._commit_progress(len(batch)):
                break
