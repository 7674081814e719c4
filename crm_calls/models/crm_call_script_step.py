from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCallScriptStep(models.Model):
    """One thing to say or ask, and what the customer may answer."""

    _name = 'crm.call.script.step'
    _description = "Step of a Call Script"
    _inherit = ['crm.call.text.mixin']
    _order = 'script_id, sequence, id'

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    ask_text = fields.Boolean(
        "Take Down the Answer", help="The caller writes down what the customer says.")
    choice_ids = fields.One2many('crm.call.script.choice', 'step_id', "Answers", copy=True)
    is_reachable = fields.Boolean(compute='_compute_is_reachable')

    @api.depends('script_id.step_ids.sequence', 'script_id.step_ids.choice_ids.next_step_id')
    def _compute_is_reachable(self):
        # All of them at once; each script looks at its own.
        self.mapped('script_id.step_ids.choice_ids.next_step_id')
        for step in self:
            script = step.script_id
            # Before the script is saved its steps are only being made.
            step.is_reachable = not script._origin or step in script._reachable_steps()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        [[used]] = self.env['crm.call.answer']._read_group(
            [('step_id', 'in', self.ids)], [], ['step_id:recordset'])
        if used:
            raise UserError(self.env._(
                "%s: calls have used it, and their answers are kept. Archive it instead.",
                ", ".join(used.mapped('name'))))

    def _prepare_for(self, document):
        """Return the step in plain data, see `crm.call.script._prepare_for`."""
        self.ensure_one()
        return {
            'id': self.id,
            'name': self.name,
            'text': self._render_text(document),
            'ask_text': self.ask_text,
            'choices': [{
                'id': choice.id,
                'name': choice.name,
                'next_step_id': choice._next_step().id,
                'outcome_id': choice.outcome_id.id,
            } for choice in self.choice_ids],
        }
