from odoo import api, fields, models
from odoo.fields import Domain

CLOSE_REASONS = [
    ('done', "Done in Time"),
    ('done_late', "Done Late"),
    ('moved', "Deadline Moved"),
    ('handed_over', "Handed Over"),
    ('cancelled', "Given Up"),
    ('paused', "Clock Stands"),
]
# After these the level is raised again when the time for it comes.
RAISED_ANEW = ('moved', 'handed_over')


class CrmProcessWarning(models.Model):
    """Somebody was warned of a step: when, how, and what was known then."""

    _name = 'crm.process.warning'
    _description = "Process Warning"
    _inherit = ['crm.process.document']
    _order = 'date_raised desc, id desc'

    task_id = fields.Many2one(
        'crm.process.task', "Step of the Document", required=True, index=True, readonly=True,
        ondelete='cascade')
    process_id = fields.Many2one(
        related='task_id.process_id', store=True, precompute=True, index=True)
    step_id = fields.Many2one(
        related='task_id.step_id', store=True, precompute=True, index=True)
    partner_id = fields.Many2one(related='task_id.partner_id')
    level_id = fields.Many2one(
        'crm.process.level', readonly=True, index='btree_not_null', ondelete='set null')
    user_id = fields.Many2one(
        'res.users', "Recipient", required=True, index=True, readonly=True, ondelete='cascade')
    channel = fields.Selection(
        [('activity', "Activity"), ('mail', "Mail"), ('bus', "Message on the Screen")], "How",
        required=True, readonly=True)
    state = fields.Selection(
        [('waiting', "To Be Told"), ('open', "Open"), ('closed', "Closed")],
        "Status", compute='_compute_state', search='_search_state')

    date_raised = fields.Datetime("Raised", required=True, readonly=True)
    date_notify = fields.Datetime(
        "To Be Told at", required=True, readonly=True,
        help="The first working moment of the recipient since it was raised.")
    date_sent = fields.Datetime("Told", readonly=True)
    date_closed = fields.Datetime("Closed", readonly=True)
    close_reason = fields.Selection(CLOSE_REASONS, "Closed because", readonly=True)

    responsible_id = fields.Many2one(
        'res.users', "Responsible Then", readonly=True, index='btree_not_null',
        ondelete='set null')
    level_hours = fields.Float(
        "Level at", readonly=True, aggregator=None,
        help="The working hours in the step after which the level is reached.")
    date_deadline = fields.Datetime("Deadline Then", readonly=True)
    used_hours = fields.Float("Hours Used Then", readonly=True, aggregator='avg')
    progress = fields.Float("Share of Norm Then", readonly=True, aggregator='avg')
    probability = fields.Float(
        "Probability Then", readonly=True, aggregator='avg',
        help="How likely it was, in percent, that the step would be late.")
    activity_id = fields.Many2one(
        'mail.activity', readonly=True, index='btree_not_null', ondelete='set null')

    _once = models.UniqueIndex(
        "(task_id, level_id, user_id) "
        "WHERE close_reason IS NULL OR close_reason NOT IN ('moved', 'handed_over')",
        "A person is warned once of a level of a step.")
    _raised_idx = models.Index("(date_raised DESC, id DESC)")
    _unsent_idx = models.Index("(date_notify) WHERE date_sent IS NULL AND date_closed IS NULL")
    _open_idx = models.Index("(task_id) WHERE date_closed IS NULL")

    @api.depends('res_name', 'step_id')
    def _compute_display_name(self):
        for warning in self:
            warning.display_name = self.env._(
                "%(document)s: %(step)s", document=warning.res_name, step=warning.step_id.name)

    @api.depends('date_sent', 'date_closed')
    def _compute_state(self):
        for warning in self:
            told = 'open' if warning.date_sent else 'waiting'
            warning.state = 'closed' if warning.date_closed else told

    def _search_state(self, operator, value):
        if operator != 'in':
            return NotImplemented
        by_state = {
            'waiting': self._unsent_domain(),
            'open': self._open_domain() & Domain('date_sent', '!=', False),
            'closed': ~self._open_domain(),
        }
        return Domain.OR(by_state[state] for state in value if state in by_state)

    @api.model
    def _open_domain(self):
        return Domain('date_closed', '=', False)

    @api.model
    def _unsent_domain(self):
        return self._open_domain() & Domain('date_sent', '=', False)

    def _close(self, reason):
        """Close warnings whose reason has ended, and take back what was asked of the recipients.

        :param str reason: one of `CLOSE_REASONS`
        """
        still_open = self.filtered(lambda warning: not warning.date_closed)
        still_open.write({'date_closed': fields.Datetime.now(), 'close_reason': reason})
        if activities := still_open.activity_id:
            needed = self.search(
                self._open_domain() & Domain('activity_id', 'in', activities.ids)).activity_id
            (activities.filtered('active') - needed).unlink()
