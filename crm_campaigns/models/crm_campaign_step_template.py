from odoo import models


class CrmCampaignStep(models.Model):
    """What is planned in a step is said in short, and copied with its mail."""

    _inherit = 'crm.campaign.step'

    def _in_short(self):
        """Return the channel of the step, for whom it is and when, in a few words.

        :rtype: str
        """
        known = {
            'channel': self._label_of('channel'), 'days': self.after_days,
            'condition': self._label_of('condition').lower()}
        if self.condition == 'always' and not self.after_days:
            return known['channel']
        if self.condition == 'always':
            return self.env._("%(channel)s after %(days)s days", **known)
        return self.env._("%(channel)s after %(days)s days: %(condition)s", **known)

    def _label_of(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _copy_mail(self, step):
        """Write the same mail as another step does, to be changed before it is sent.

        :param crm.campaign.step step: the other one
        """
        self.ensure_one()
        if not step.mailing_id:
            return
        self.mailing_id = step.mailing_id.copy({
            **self._prepare_mailing_values(), 'subject': step.mailing_id.subject,
            'active': not self.campaign_id.is_template})
