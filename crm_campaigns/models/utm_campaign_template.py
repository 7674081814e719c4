from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class UtmCampaign(models.Model):
    """A campaign can be the template of others: what is planned in it is copied to them."""

    _inherit = 'utm.campaign'

    # They are archived, so that nobody chooses one where he looks for a campaign.
    is_template = fields.Boolean("Template", readonly=True, copy=False)
    step_summary = fields.Char("Steps in Short", compute='_compute_step_summary')

    _check_template = models.Constraint(
        "CHECK(is_template IS NOT TRUE OR state = 'draft' AND active IS FALSE)",
        "A template stays archived and is not run: make a campaign from it.")
    _template_idx = models.Index("(id) WHERE is_template")

    @api.depends(
        'step_ids.channel', 'step_ids.after_days', 'step_ids.condition', 'step_ids.sequence')
    @api.depends_context('lang')
    def _compute_step_summary(self):
        for campaign in self:
            campaign.step_summary = " → ".join(step._in_short() for step in campaign.step_ids)

    def action_use_template(self):
        """Make a campaign from a template, to be changed and started, and open it.

        :raise UserError: when it is no template
        """
        self.ensure_one()
        if not self.is_template:
            raise UserError(self.env._(
                "%(campaign)s is no template. Save it as one first.", campaign=self.title))
        month = format_date(
            self.env, fields.Date.context_today(self), date_format='MMMM y')
        return self._copy_plan(f"{self.title}, {month}")._form_action()

    def action_save_as_template(self):
        """Keep the plan of a campaign as a template, and open it."""
        self.ensure_one()
        return self._copy_plan(self.title, is_template=True, active=False)._form_action()

    def _copy_plan(self, title, **values):
        """Return a new campaign with the steps of this one, its own audience and its own mails.

        :param str title: of the new campaign
        :param values: further values of it
        :rtype: utm.campaign
        """
        self.ensure_one()
        audience = self.audience_id
        # Odoo does not see that archived ones have a name already.
        [name] = self.env['utm.mixin'].with_context(active_test=False)._get_unique_names(
            self._name, [title])
        campaign = self.copy({
            'title': title, 'name': name, 'user_id': self.env.uid, 'active': True,
            'company_id': self.env.company.id, **values,
            'audience_id': audience and audience._copy_for(title).id})
        for step, copied in zip(self.step_ids, campaign.step_ids, strict=True):
            copied._copy_mail(step)
        return campaign

    def _form_action(self):
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'view_mode': 'form',
        }
