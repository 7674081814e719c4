from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmCallScriptChoice(models.Model):
    """What a customer may answer to a step, and where the call goes from there."""

    _name = 'crm.call.script.choice'
    _description = "Answer in a Call Script"
    _order = 'sequence, id'

    name = fields.Char("Answer", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    step_id = fields.Many2one(
        'crm.call.script.step', required=True, index=True, ondelete='cascade')
    script_id = fields.Many2one(related='step_id.script_id')
    next_step_id = fields.Many2one(
        'crm.call.script.step', "Leads to", index='btree_not_null', ondelete='set null',
        copy=False, domain="[('script_id', '=', script_id)]",
        help="The step that follows; none: the script ends here.")
    outcome_id = fields.Many2one(
        'crm.call.outcome', "Proposes", ondelete='set null', index='btree_not_null',
        help="The outcome that is proposed when the call is logged.")

    @api.constrains('next_step_id', 'step_id')
    def _check_next_step_id(self):
        for choice in self:
            step, following = choice.step_id, choice.next_step_id
            if following and following.script_id != step.script_id:
                raise ValidationError(self.env._(
                    "%(step)s, %(choice)s: \"%(following)s\" is a step of another script. "
                    "Choose one of %(script)s.",
                    step=step.name, choice=choice.name, following=following.name,
                    script=step.script_id.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        [[used]] = self.env['crm.call.answer']._read_group(
            [('choice_id', 'in', self.ids)], [], ['choice_id:recordset'])
        if used:
            raise UserError(self.env._(
                "%s: customers have answered so, and their answers are kept. Archive it instead.",
                ", ".join(used.mapped('name'))))

    def _next_step(self):
        """Return the step the answer leads to, unless it is out of use."""
        return self.next_step_id.filtered('active')
