from odoo import fields, models
from odoo.fields import Command, Domain


class CrmIncentiveGrant(models.Model):
    """The coupon or the card with the points that a customer was granted."""

    _inherit = 'crm.incentive.grant'

    card_id = fields.Many2one(
        'loyalty.card', "Coupon or Card", index='btree_not_null', ondelete='set null')
    points = fields.Float()

    def _give(self):
        super()._give()
        for rule, grants in self.filtered(
                lambda grant: grant.reward == 'coupon').grouped('rule_id').items():
            grants.points = rule.points
            program = rule.program_id
            cards = grants._loyalty_cards(program) if program.program_type == 'loyalty' else {}
            grants.filtered(lambda grant, cards=cards: grant.partner_id not in cards)._make_cards(
                program)
            for grant in grants.filtered(lambda grant, cards=cards: grant.partner_id in cards):
                grant.card_id = cards[grant.partner_id]
                grant.card_id.points += grant.points

    def _loyalty_cards(self, program):
        """Return the cards that the customers have of a loyalty program.

        :param loyalty.program program: on whose cards points are gathered
        :rtype: dict[res.partner, loyalty.card]
        """
        cards = self.env['loyalty.card'].search(
            Domain('program_id', '=', program.id)
            & Domain('partner_id', 'in', self.partner_id.ids), order='id DESC')
        return {card.partner_id: card for card in cards}

    def _make_cards(self, program):
        """Make a coupon or card of a program for each customer; a coupon is told to him by mail.

        :param loyalty.program program: of which they are
        """
        if not self:
            return
        cards = self.env['loyalty.card'].with_context(action_no_send_mail=True).create(
            [grant._prepare_granted_card_values(program) for grant in self])
        for grant, card in zip(self, cards, strict=True):
            grant.card_id = card
        if program.program_type == 'coupons':
            # Not the mail of the program: it prints each coupon on a page of its own.
            self.env.ref('crm_campaigns_loyalty.mail_template_incentive_coupon').send_mail_batch(
                self.ids, email_layout_xmlid='crm_campaigns.mail_layout_campaign')

    def _prepare_granted_card_values(self, program):
        return {
            'program_id': program.id,
            'partner_id': self.partner_id.id,
            'points': self.points,
            'expiration_date': program.program_type == 'coupons' and program.date_to,
            'history_ids': [Command.create(
                {'description': self.rule_id.name, 'issued': self.points})],
        }

    def _withdraw(self):
        super()._withdraw()
        # Points on a card are mixed with others, and a coupon that was used is gone.
        self.card_id.filtered(
            lambda card: card.program_type == 'coupons' and not card.use_count).action_archive()
