from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_campaign_step import PLANNERS


class CrmCampaignStep(models.Model):
    """Letters and labels are made as a PDF, in the order in which the post wants them."""

    _inherit = 'crm.campaign.step'

    letter_template_id = fields.Many2one(
        'crm.letter.template', "Letter", index='btree_not_null', ondelete='restrict',
        help="Empty: the letters are written by hand.")
    label_sheet_id = fields.Many2one(
        'crm.label.sheet', index='btree_not_null', ondelete='restrict')
    label_start = fields.Integer(
        "First Label", default=1,
        help="The first label that is left on the first sheet, row by row.")
    printing = fields.Boolean(readonly=True, copy=False, help="The PDF is being made.")
    print_problem = fields.Char("Why There Is No PDF", readonly=True, copy=False)
    print_progress = fields.Char("Ready so Far", compute='_compute_print_progress')
    paper_ids = fields.One2many(
        'crm.campaign.paper', 'step_id', "To Print", groups=PLANNERS)

    _printing_idx = models.Index("(id) WHERE printing")
    _check_label_start = models.Constraint(
        'CHECK(label_start > 0)', "Labels are counted from 1.")

    def _compute_print_progress(self):
        counts = {}
        for step, state, count in self.env['crm.campaign.touch']._read_group(
                [('step_id', 'in', self.ids), ('print_place', '>', 0)], ['step_id', 'state'],
                ['__count']):
            counts[step, state == 'waiting'] = counts.get((step, state == 'waiting'), 0) + count
        for step in self:
            ready, waiting = (counts.get((step._origin, wait), 0) for wait in (False, True))
            step.print_progress = step.printing and self.env._(
                "%(ready)s of %(all)s", ready=ready, all=ready + waiting)

    @api.depends('letter_template_id', 'label_sheet_id')
    def _compute_problem(self):
        super()._compute_problem()

    def _problem(self):
        if self.channel == 'label' and not self.label_sheet_id:
            return self.env._("There are no labels yet: choose a sheet.")
        if self.channel == 'label' and self.label_start > self.label_sheet_id.label_count:
            return self.env._(
                "%(sheet)s has no label %(start)s: choose one on it.",
                sheet=self.label_sheet_id.name, start=self.label_start)
        return super()._problem()

    def _is_printed(self):
        """Return whether what the step sends is made as a PDF.

        :rtype: bool
        """
        return self.channel == 'label' or self.channel == 'letter' and bool(self.letter_template_id)

    @api.model
    def _automatic_channels(self):
        return [*super()._automatic_channels(), 'letter', 'label']

    @api.model
    def _by_itself_domain(self):
        # Letters by hand are done when somebody says that they are.
        by_hand = (
            Domain('channel', '=', 'letter') & Domain('letter_template_id', '=', False)
            & Domain('state', '=', 'planned'))
        return super()._by_itself_domain() & ~by_hand

    def _touch_waits(self):
        return self._is_printed() or super()._touch_waits()

    def _begin(self, members):
        super()._begin(members)
        if self.channel == 'letter' and not self._is_printed():
            members._set_contacted(fields.Datetime.now())

    def _finish(self):
        super()._finish()
        if self._is_printed() and self._number_touches():
            self.printing = True
            self._wake_printer()

    def _number_touches(self):
        """Give each touch its place in the PDF: by country, postal code and name.

        :return: how many they are
        :rtype: int
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            UPDATE crm_campaign_touch touch SET print_place = sorted.place
            FROM (
                SELECT waiting.id, row_number() OVER (
                    ORDER BY country.code NULLS FIRST, partner.zip NULLS FIRST, partner.name,
                             partner.id) AS place
                FROM crm_campaign_touch waiting
                JOIN res_partner partner ON partner.id = waiting.partner_id
                LEFT JOIN res_country country ON country.id = partner.country_id
                WHERE waiting.step_id = %(step)s AND waiting.state = 'waiting'
            ) AS sorted
            WHERE touch.id = sorted.id
            RETURNING touch.id
            """, step=self.id))
        self.env['crm.campaign.touch'].invalidate_model(['print_place'])
        return len(rows)
