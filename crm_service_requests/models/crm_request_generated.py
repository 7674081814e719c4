from markupsafe import Markup

from odoo import fields, models


class CrmRequest(models.Model):
    """What a rule made: why, for whom once only, and over by itself."""

    _inherit = 'crm.request'

    rule_id = fields.Many2one(
        'crm.request.rule', "Made by", readonly=True, copy=False, index='btree_not_null')
    rule_facts = fields.Json("Facts", readonly=True, copy=False)
    rule_ended_at = fields.Datetime(
        "Reason Gone", readonly=True, copy=False,
        help="Since when the reason for which the rule made the request does not apply any more.")

    _rule_customer_uniq = models.UniqueIndex(
        """(rule_id, commercial_partner_id)
            WHERE rule_id IS NOT NULL AND state IN ('new', 'open', 'waiting')""",
        "The rule has made a pending request of this customer. Go on there.")

    def _subscribe_customers(self):
        # A customer does not know what a rule made of his account until somebody writes to him.
        made = self.filtered(lambda request: request.channel == 'rule')
        super(CrmRequest, self - made)._subscribe_customers()
        for request in made.filtered('assigned_partner_id'):
            request.message_subscribe(request.assigned_partner_id.ids)

    def _end_reason(self):
        """Close the requests whose reason is gone; who has begun to work is only told."""
        if not self:
            return
        self.rule_ended_at = fields.Datetime.now()
        untouched = self._untouched()
        untouched.with_context(tracking_disable=True).write(
            {'state': 'closed', 'closed_by': 'rule'})
        self._message_log_batch({
            request.id: Markup("<p>%s</p>") % (
                self.env._("Closed: its reason is gone. %s does not apply to the customer any "
                           "more.", request.rule_id.name)
                if request in untouched else
                self.env._("%s does not apply to the customer any more. Close the request when "
                           "nothing is left to do.", request.rule_id.name))
            for request in self})

    def _untouched(self):
        """Return the requests on which nobody has worked.

        :rtype: crm.request
        """
        talked = self.env['mail.message'].search([
            ('model', '=', self._name), ('res_id', 'in', self.ids),
            ('message_type', 'in', ['comment', 'email', 'email_outgoing'])])
        return self.filtered(
            lambda request: request.state == 'new' and not request.date_first_answer
            and not request.duration and not request.call_ids and not request.sale_order_ids
            and not request.invoice_ids
        ) - self.browse(talked.mapped('res_id'))
