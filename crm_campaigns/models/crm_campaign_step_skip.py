from odoo import api, fields, models
from odoo.tools import SQL

# Each of these asks something of the customer; what only waits in his portal does not.
CAPPED_CHANNELS = ['letter', 'call', 'request']

NUMBER_BLOCKED = SQL(
    """
    EXISTS (SELECT FROM phone_blacklist blocked
            WHERE blocked.active AND blocked.number = partner.phone_sanitized)
    """)
CALL_REFUSED = SQL(
    """
    (SELECT call.outcome_kind = 'opt_out' FROM crm_call call
     WHERE call.partner_id = partner.id AND call.outcome_kind IS NOT NULL
     ORDER BY call.date_start DESC, call.id DESC LIMIT 1)
    """)
# As `_has_postal_address` of customers.
NO_POST = SQL(
    """
    (COALESCE(partner.city, '') = ''
     OR COALESCE(partner.street, '') || COALESCE(partner.street2, '') || COALESCE(partner.zip, '')
        = '')
    """)
# Why a customer is left out, by channel: the first condition that holds is the reason. They speak
# of the row `partner`.
REASONS = {
    'mail': [
        ('no_address', SQL("COALESCE(partner.email_normalized, '') = ''")),
        ('blacklist', SQL(
            """
            EXISTS (SELECT FROM mail_blacklist blocked
                    WHERE blocked.active AND blocked.email = partner.email_normalized)
            """)),
    ],
    'call': [
        ('no_address', SQL("COALESCE(partner.phone, '') = ''")),
        ('blacklist', NUMBER_BLOCKED),
        ('opt_out', CALL_REFUSED),
    ],
    'request': [('blacklist', NUMBER_BLOCKED), ('opt_out', CALL_REFUSED)],
    'offer': [
        ('no_address', SQL(
            """
            NOT EXISTS (SELECT FROM res_users person JOIN res_partner contact
                        ON contact.id = person.partner_id
                        WHERE person.active AND person.share
                          AND contact.commercial_partner_id = partner.id)
            """)),
    ],
    'letter': [('no_address', NO_POST)],
    'label': [('no_address', NO_POST)],
}


class CrmCampaignStep(models.Model):
    """Some members are left out, and it is written down why."""

    _inherit = 'crm.campaign.step'

    def _skip_reason(self):
        """Return why the customer `partner` is left out, NULL when he is not.

        :rtype: SQL
        """
        reasons = [
            ('archived', SQL("partner.active IS NOT TRUE")), *self._channel_reasons(),
            *self._cap_reasons()]
        return SQL("CASE %s END", SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, reason) for reason, condition in reasons))

    def _channel_reasons(self):
        """Return why the channel leaves members out; for channels to add to.

        :return: each reason with its condition on the customer `partner`, the first that holds
            counts
        :rtype: list[tuple[str, SQL]]
        """
        return REASONS['mail' if self.channel in self._mail_channels() else self.channel]

    @api.model
    def _capped_channels(self):
        """Return the channels that ask something of the customer, so he is not asked too often.

        :rtype: list[str]
        """
        return [*self._mail_channels(), *CAPPED_CHANNELS]

    def _cap_reasons(self):
        company, channels = self._work_company(), self._capped_channels()
        if not company.touch_cap or self.channel not in channels:
            return []
        since = fields.Datetime.subtract(fields.Datetime.now(), days=company.touch_cap_days)
        return [('too_often', SQL(
            """
            (SELECT count(*) FROM crm_campaign_touch earlier
             WHERE earlier.partner_id = partner.id AND earlier.company_id = %(company)s
               AND earlier.state IN ('done', 'waiting') AND earlier.date > %(since)s
               AND earlier.channel = ANY(%(channels)s)) >= %(cap)s
            """,
            company=company.id, since=since, channels=channels, cap=company.touch_cap))]
