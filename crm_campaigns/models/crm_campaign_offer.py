from odoo import fields, models
from odoo.fields import Domain


class CrmCampaignOffer(models.Model):
    """What a campaign offers to its members in their portal."""

    _name = 'crm.campaign.offer'
    _description = "Offer of a Campaign"
    _order = 'date_end, id'

    name = fields.Char("Title", required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    date_end = fields.Date("Valid until", help="Empty: as long as the campaign is there.")
    code = fields.Char("Promotion Code", help="The customer gives it when he orders.")
    body = fields.Html("Text", translate=True, sanitize_attributes=True)
    step_ids = fields.One2many('crm.campaign.step', 'offer_id', "Steps")

    def _ask(self, partner, customer):
        """Note that a customer wants what is offered: his salesperson gets a request, once.

        :param res.partner partner: who asks, at the customer or at a company above it
        :param res.partner customer: to whom it is offered
        :return: the request
        :rtype: crm.request
        :raise LockError: when somebody else just asks for it
        """
        touch = self._touch_of(customer)
        member = touch.member_id
        member.lock_for_update(allow_referencing=True)
        asked = self.env['crm.request'].search(
            [('offer_id', '=', self.id), ('campaign_member_id', '=', member.id)], limit=1)
        member._set_responded(fields.Datetime.now())
        asker = partner if partner.commercial_partner_id == customer else customer
        return asked or asked.create(touch.step_id._prepare_asked_values(member, asker))

    def _refuse(self, customer, reason):
        """Note that a customer does not want what is offered, and why.

        :param res.partner customer: to whom it is offered
        :param str reason: one of `DECLINE_REASONS`, or nothing
        :return: always true
        :rtype: bool
        :raise LockError: when somebody else just answers it
        """
        member = self._touch_of(customer).member_id
        member.lock_for_update(allow_referencing=True)
        member._set_declined(reason)
        return True

    def _touch_of(self, customer):
        """Return how it was last offered to a customer.

        :rtype: crm.campaign.touch
        """
        self.ensure_one()
        return self.env['crm.campaign.touch'].search(
            Domain('step_id.offer_id', '=', self.id) & Domain('state', '=', 'done')
            & Domain('partner_id', '=', customer.id), order='id DESC', limit=1)
