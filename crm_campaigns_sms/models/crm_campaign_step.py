from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.crm_campaigns.models.crm_campaign_step_skip import CALL_REFUSED, NUMBER_BLOCKED

# Why a customer gets no text message; the conditions speak of the row `partner`.
SMS_REASONS = [
    ('no_address', SQL("COALESCE(partner.phone_sanitized, '') = ''")),
    ('blacklist', NUMBER_BLOCKED),
    ('opt_out', CALL_REFUSED),
]


class CrmCampaignStep(models.Model):
    """Text messages of a campaign are an SMS mailing of Odoo, sent to whom the step has reached.

    What became of them comes back by the traces of the mailing, as with mails.
    """

    _inherit = 'crm.campaign.step'

    channel = fields.Selection(
        selection_add=[('sms', "Text Message")], ondelete={'sms': 'cascade'})
    # The type of a mailing is called as its channel.
    mailing_id = fields.Many2one(domain=lambda self: (
        f"[('mailing_model_id', '=', {self.env['ir.model']._get_id('res.partner')}),"
        " ('mailing_type', '=', channel), ('state', '=', 'draft')]"))

    @api.constrains('channel', 'mailing_id')
    def _check_mailing_type(self):
        for step in self.filtered(lambda step: step.channel in step._mailing_channels()):
            mailing = step.mailing_id
            if mailing and mailing.mailing_type != step.channel:
                raise ValidationError(self.env._(
                    "%(mailing)s does not fit the channel %(channel)s of %(step)s. Choose another "
                    "one, or none to write it anew.", mailing=mailing.display_name,
                    channel=step._label_of('channel'), step=step.name))

    @api.model
    def _automatic_channels(self):
        return [*super()._automatic_channels(), 'sms']

    @api.model
    def _capped_channels(self):
        return [*super()._capped_channels(), 'sms']

    def _channel_reasons(self):
        return SMS_REASONS if self.channel == 'sms' else super()._channel_reasons()

    def _touch_waits(self):
        return self.channel == 'sms' or super()._touch_waits()

    @api.depends('mailing_id.body_plaintext')
    def _compute_problem(self):
        super()._compute_problem()

    @api.model
    def _mailing_channels(self):
        return [*super()._mailing_channels(), 'sms']

    def _is_mailing_empty(self, mailing):
        if self.channel != 'sms':
            return super()._is_mailing_empty(mailing)
        return not (mailing.body_plaintext or '').strip()

    def _prepare_mailing_values(self):
        values = super()._prepare_mailing_values()
        if self.channel == 'sms':
            values.update(mailing_type='sms', keep_archives=True, sms_allow_unsubscribe=True)
        return values
