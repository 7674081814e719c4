import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# So many letters are one document for wkhtmltopdf, and one part of the PDF.
LETTERS = 200


class CrmCampaignStep(models.Model):
    """The PDF of a step is made in the background, a part at a time."""

    _inherit = 'crm.campaign.step'

    def action_print_again(self):
        """Make the PDF again, with the letter as it is now; nobody is reached anew."""
        self.check_access('write')
        touches = self.env['crm.campaign.touch'].search(
            [('step_id', 'in', self.ids), ('print_place', '>', 0)])
        touches.write({'state': 'waiting', 'reason': False})
        self.paper_ids.unlink()
        touches.step_id.write({'printing': True, 'print_problem': False})
        self._wake_printer()

    def _wake_printer(self):
        # sudo: ir.cron - wakes the scheduled action up
        self.env.ref('crm_campaigns.ir_cron_print_paper').sudo()._trigger()

    @api.model
    def _cron_print_paper(self):
        """Make the letters and labels that are waited for; scheduled.

        Each part is committed with the touches of who is in it, so this may be killed at any
        moment.
        """
        steps = self.search(
            [('printing', '=', True), ('campaign_id.state', '!=', 'cancelled')],
            order='date_done, id')
        self.env['ir.cron']._commit_progress(remaining=len(steps))
        for step in steps:
            if not step._print():
                break

    def _print(self):
        """Make what is missing of the PDF of the step.

        :return: seconds that are left for other steps; 0: none, the rest is done later
        :rtype: float
        """
        cron, left = self.env['ir.cron'], 1.0
        try:
            while left and self.printing and self.try_lock_for_update():
                self._print_next()
                left = cron._commit_progress(int(not self.printing))
        except UserError as error:
            # It is shown to whoever runs the campaign, and holds up no other step.
            self.env.cr.rollback()
            _logger.warning("Letters of step %s: %s", self.id, error)
            self.print_problem = str(error)
            left = cron._commit_progress()
        return left

    def _print_next(self):
        """Print the next part, or join all of them when nobody is left."""
        touches = self.env['crm.campaign.touch'].search(
            [('step_id', '=', self.id), ('state', '=', 'waiting'), ('print_place', '>', 0)],
            order='print_place', limit=LETTERS if self.channel == 'letter' else None)
        if touches:
            self._print_part(touches)
        else:
            self._finish_printing()

    def _print_part(self, touches):
        if self.channel == 'letter':
            content, failed = self._letters_part(touches.partner_id)
        else:
            content, failed = self._labels_part(touches.partner_id), {}
        now = fields.Datetime.now()
        for partner, reason in failed.items():
            touches.filtered(lambda touch, partner=partner: touch.partner_id == partner).write(
                {'state': 'failed', 'reason': reason})
        done = touches.filtered(lambda touch: touch.state == 'waiting')
        done.write({'state': 'done', 'date': now})
        done.member_id._set_contacted(now)
        if done:
            self.env['crm.campaign.paper']._keep(
                content, step_id=self.id, first_place=done[0].print_place, count=len(done))

    def _letters_part(self, partners):
        template, company = self.letter_template_id, self._work_company()
        letters, failed = template._letters(partners, company, self.campaign_id.user_id)
        return letters and template._letters_pdf(letters, company), failed

    def _labels_part(self, partners):
        return self.label_sheet_id._labels_pdf(partners, self._work_company(), self.label_start)

    def _finish_printing(self):
        whole = self.paper_ids._join() if self.paper_ids else self.paper_ids
        self.write({'printing': False, 'print_problem': False})
        if whole:
            self.campaign_id.activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.campaign_id.user_id.id,
                summary=self.env._(
                    "%(count)s to print: %(step)s", count=whole.count, step=self.name))
