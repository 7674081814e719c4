from odoo import api, fields, models
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

    @api.model
    def _offers_domain(self):
        """Return the domain of the offers a customer may still ask for, in his portal.

        :rtype: Domain
        """
        return Domain('date_end', '=', False) | Domain('date_end', '>=', 'today')

    def _ask(self, partner):
        """Note that a customer wants what is offered: his salesperson gets a request, once.

        :param res.partner partner: who asks, at a customer to whom it is offered
        :return: the request
        :rtype: crm.request
        """
        self.ensure_one()
        # sudo: crm.campaign.touch - that it was offered to him lets him ask
        touch_sudo = self.sudo().step_ids.touch_ids.filtered(
            lambda touch: touch.state == 'done'
            and touch.partner_id == partner.commercial_partner_id)[-1:]
        member_sudo = touch_sudo.member_id
        member_sudo.lock_for_update(allow_referencing=True)
        asked = member_sudo.env['crm.request'].search(
            [('offer_id', '=', self.id), ('campaign_member_id', '=', member_sudo.id)], limit=1)
        member_sudo._set_responded(fields.Datetime.now())
        return asked or asked.create(touch_sudo.step_id._prepare_asked_values(member_sudo, partner))

    def _asked(self, partner):
        """Return which of the offers the customer of a partner has asked for.

        :rtype: crm.campaign.offer
        """
        # sudo: crm.request - which offers only, whoever of the customer's people has asked
        return self.env['crm.request'].sudo().search([
            ('offer_id', 'in', self.ids),
            ('commercial_partner_id', '=', partner.commercial_partner_id.id),
        ]).offer_id.with_env(self.env)
