from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

KINDS = [
    ('shorten', "Shorten the Norm"),
    ('lengthen', "Lengthen the Norm"),
    ('parallel', "Run Beside Each Other"),
    ('critical', "Save Time Here First"),
    ('waiting', "Cut the Waiting"),
]
# What was rejected comes back once its numbers have changed by such a share.
MARKED = 0.25


class CrmProcessSuggestion(models.Model):
    """How a process could be better, with the evidence; somebody decides."""

    _name = 'crm.process.suggestion'
    _description = "Suggestion for a Process"
    _inherit = ['crm.write.guard']
    _order = 'gain_hours desc, late_saved desc, id'

    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection([
        ('open', "To Decide"),
        ('accepted', "Accepted"),
        ('rejected', "Rejected"),
        ('obsolete', "No Longer True"),
    ], "Status", default='open', required=True, readonly=True, group_expand=True)
    process_id = fields.Many2one(
        'crm.process', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='process_id.company_id', store=True, index=True)
    step_id = fields.Many2one(
        'crm.process.step', required=True, readonly=True, index=True, ondelete='cascade')
    other_step_id = fields.Many2one('crm.process.step', readonly=True, ondelete='cascade')
    evidence = fields.Text(compute='_compute_evidence')

    cases = fields.Integer(readonly=True, aggregator=None)
    share = fields.Float(
        "Share of Cases (%)", readonly=True, aggregator=None,
        help="Of how many cases it holds; of norms, how many were late.")
    norm_hours = fields.Float("Norm", readonly=True, aggregator=None)
    proposed_hours = fields.Float("Proposed Norm", readonly=True, aggregator=None)
    median_hours = fields.Float("Half within", readonly=True, aggregator=None)
    safe_hours = fields.Float("80 % within", readonly=True, aggregator=None)
    bound_hours = fields.Float(
        "80 % Surely", readonly=True, aggregator=None,
        help="Where the 80 % lie with a confidence of 95 percent: at most for a shorter norm, at "
             "least for a longer one.")
    waiting_hours = fields.Float("Half Waited up to", readonly=True, aggregator=None)
    saved_hours = fields.Float(
        "Saved per Document", readonly=True, aggregator=None,
        help="Working hours by which documents would have come to their end earlier, on average.")
    other_saved_hours = fields.Float("Saved per Document beside It", readonly=True, aggregator=None)
    gain_hours = fields.Float(
        "Hours Saved a Month", readonly=True,
        help="Working hours of all documents in a month, replayed on what is past.")
    late_saved = fields.Float("Fewer Late a Month", readonly=True)

    reason = fields.Text(help="Why it is rejected; whoever rejects it says so.")
    decided_by_id = fields.Many2one('res.users', "Decided by", readonly=True)
    date_decided = fields.Datetime("Decided", readonly=True)
    version_id = fields.Many2one(
        'crm.process', "Version Made", readonly=True, ondelete='set null')

    _one_open = models.UniqueIndex(
        "(step_id, kind, COALESCE(other_step_id, 0)) WHERE state = 'open'",
        "The same is suggested once at a time.")

    @api.depends('kind', 'step_id')
    def _compute_display_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for suggestion in self:
            suggestion.display_name = self.env._(
                "%(step)s: %(kind)s", step=suggestion.step_id.name, kind=labels[suggestion.kind])

    @api.model
    def _field_writers(self, name):
        return '' if name == 'reason' else 'base.group_system'

    def action_accept(self):
        """Put a new version in force that does as is suggested.

        Runs that are under way stay on their version. What else is open is then about the new one.

        :raise UserError: if one is decided already, or its process is not in force
        :raise AccessError: if it is not the user's to decide
        """
        self.check_access('write')
        for suggestion in self:
            suggestion._check_open()
            process = suggestion.process_id
            version = process._next_version()
            suggestion._apply({step.previous_id: step for step in version.step_ids})
            version.action_activate()
            suggestion._decide('accepted', version)
            suggestion._carry_over(version)

    def action_reject(self):
        """Decline, for the reason that was filled in.

        :raise UserError: if one is decided already, or no reason is told
        :raise AccessError: if it is not the user's to decide
        """
        self.check_access('write')
        for suggestion in self:
            suggestion._check_open()
            if not (suggestion.reason or '').strip():
                raise UserError(self.env._(
                    "%(suggestion)s: say why it is rejected. Open it and fill in \"%(field)s\".",
                    suggestion=suggestion.display_name,
                    field=self._fields['reason']._description_string(self.env)))
            suggestion._decide('rejected')

    def action_open_version(self):
        """Open the version that was made, to see what it changed.

        :rtype: dict
        """
        return self.version_id._get_records_action()

    def _check_open(self):
        """Refuse to decide twice, or about a process that is not in force."""
        if self.state != 'open':
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "%(suggestion)s is no longer open: %(state)s.",
                suggestion=self.display_name, state=labels[self.state]))
        if self.process_id.state != 'active':
            raise UserError(self.env._(
                "%(suggestion)s is about %(process)s, which is not in force. Activate it first.",
                suggestion=self.display_name, process=self.process_id.display_name))

    def _apply(self, steps):
        """Change the steps of the next version as is suggested.

        To save time and to cut waiting is done by people: the version only marks since when.

        :param steps: those of the next version by those they are copies of
        """
        step = steps[self.step_id]
        if self.kind in ('shorten', 'lengthen'):
            step.norm_hours = self.proposed_hours
        elif self.kind == 'parallel':
            other = steps[self.other_step_id]
            # Whoever waited for it by way of this step goes on waiting.
            later = step.process_id.step_ids.filtered(
                lambda later: step in later.depends_on_ids)
            later.depends_on_ids = [Command.link(other.id)]
            step.write({
                'parallel': True,
                'depends_on_ids': [
                    Command.unlink(other.id),
                    *(Command.link(before.id) for before in other.depends_on_ids)]})

    def _decide(self, state, version=None):
        """Write down what was decided."""
        # sudo: crm.process.suggestion - what was decided, when and by whom is not typed
        self.sudo().write({
            'state': state, 'decided_by_id': self.env.uid, 'date_decided': fields.Datetime.now(),
            'version_id': version and version.id})

    def _carry_over(self, version):
        """Let what else is open for the version before be about the steps of the next."""
        steps = {step.previous_id: step for step in version.step_ids}
        # sudo: crm.process.suggestion - as above
        for other_sudo in self.sudo().search(
                [('process_id', '=', self.process_id.id), ('state', '=', 'open')]):
            other_sudo.write({
                'process_id': version.id, 'step_id': steps[other_sudo.step_id].id,
                'other_step_id': other_sudo.other_step_id and steps[other_sudo.other_step_id].id})

    @api.model
    def _renew(self, process, found, judged):
        """Bring the open suggestions for a process up to date.

        :param process: the version in force
        :param list[dict] found: values of what is to be suggested
        :param judged: steps of which there are enough cases to say that nothing is to be suggested
        """
        known = {
            suggestion._key(): suggestion for suggestion in self.search(
                [('process_id', '=', process.id), ('state', '=', 'open')])}
        rejected = self._rejected(process)
        for values in found:
            suggestion = self.new({**values, 'process_id': process.id})
            key = suggestion._key()
            if key in known:
                known.pop(key).write(values)
            elif key not in rejected or suggestion._differs_from(rejected[key]):
                self.create({**values, 'process_id': process.id})
        self.browse([
            suggestion.id for suggestion in known.values() if suggestion.step_id in judged
        ]).state = 'obsolete'

    def _key(self):
        """Return what makes two suggestions the same in all versions of a process."""
        return self.kind, self.step_id.key, self.other_step_id.key

    @api.model
    def _rejected(self, process):
        """Return what was rejected last, in any version.

        :rtype: dict[tuple, crm.process.suggestion]
        """
        return {
            suggestion._key(): suggestion for suggestion in self.search(
                [('process_id', 'in', process._versions().ids), ('state', '=', 'rejected')],
                order='date_decided, id')}

    def _differs_from(self, other):
        """Return whether the numbers changed markedly since another was rejected."""
        name = 'proposed_hours' if self.kind in ('shorten', 'lengthen') else 'gain_hours'
        return abs(self[name] - other[name]) > MARKED * other[name]
