from odoo import api, fields, models
from odoo.fields import Domain


class CrmCampaignStep(models.Model):
    """Each member gets a code of his own by mail."""

    _inherit = 'crm.campaign.step'

    channel = fields.Selection(
        selection_add=[('coupon', "Coupon")], ondelete={'coupon': 'cascade'})
    program_id = fields.Many2one(
        'loyalty.program', "Coupons of", index='btree_not_null', ondelete='restrict', copy=False,
        context={'active_test': False},
        domain="[('campaign_id', '=', campaign_id), ('program_type', '=', 'coupons')]",
        help="A promotion of the campaign whose type is Coupons.")

    @api.model
    def _message_channels(self):
        return [*super()._message_channels(), 'coupon']

    @api.depends('program_id.campaign_id', 'program_id.program_type')
    def _compute_problem(self):
        super()._compute_problem()

    def _problem(self):
        # sudo: loyalty.program - whose it is, for whoever sees the step
        program_sudo = self.program_id.sudo()
        if self.channel == 'coupon' and (
                program_sudo.campaign_id != self.campaign_id
                or program_sudo.program_type != 'coupons'):
            return self.env._(
                "It has no coupons yet: let a sales manager add a promotion of the type Coupons "
                "to the campaign, and choose it.")
        return super()._problem()

    def _prepare_messages(self, touches):
        super()._prepare_messages(touches)
        if self.channel == 'coupon':
            cards = self._unused_cards(touches.partner_id)
            new = touches.filtered(lambda touch: touch.partner_id not in cards)
            made = self.env['loyalty.card'].with_context(action_no_send_mail=True).create(
                [self._prepare_card_values(touch.partner_id) for touch in new])
            cards.update({card.partner_id: card for card in made})
            for card_id, found in touches.grouped(
                    lambda touch: cards[touch.partner_id].id).items():
                found.card_id = card_id

    def _unused_cards(self, customers):
        """Return which customers have a coupon of the step already; they are reminded of it.

        :param res.partner customers: members of the campaign
        :rtype: dict[res.partner, loyalty.card]
        """
        cards = self.env['loyalty.card'].search(
            Domain('program_id', '=', self.program_id.id)
            & Domain('partner_id', 'in', customers.ids)
            & Domain('points', '>=', self._coupon_points()), order='id DESC')
        return {card.partner_id: card for card in cards}

    def _coupon_points(self):
        """Return the points of a coupon: as many as its dearest reward costs.

        :rtype: float
        """
        return max(self.program_id.reward_ids.mapped('required_points'), default=1.0)

    def _prepare_card_values(self, customer):
        return {
            'program_id': self.program_id.id,
            'partner_id': customer.id,
            'points': self._coupon_points(),
            'expiration_date': self.program_id.date_to or self.campaign_id.date_end,
            'history_ids': [fields.Command.create(
                {'description': self.campaign_id.title, 'issued': self._coupon_points()})],
        }
