from odoo import api, fields, models


class CrmCallAnswer(models.Model):
    """What was answered at one step of a script during a call; once given it stays."""

    _name = 'crm.call.answer'
    _description = "Answer in a Call"
    _order = 'call_id DESC, sequence, id'
    _rec_name = 'step_id'

    call_id = fields.Many2one('crm.call', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    script_id = fields.Many2one(
        related='step_id.script_id', store=True, index=True, ondelete='restrict')
    step_id = fields.Many2one(
        'crm.call.script.step', required=True, index=True, ondelete='restrict')
    choice_id = fields.Many2one(
        'crm.call.script.choice', "Answer", index='btree_not_null', ondelete='restrict')
    text = fields.Text("In His Words")
    user_id = fields.Many2one(related='call_id.user_id')
    partner_id = fields.Many2one(related='call_id.partner_id')
    date_start = fields.Datetime(related='call_id.date_start')
    company_id = fields.Many2one(related='call_id.company_id', store=True, index=True)

    @api.depends('step_id', 'choice_id')
    def _compute_display_name(self):
        for answer in self:
            words = answer.choice_id.name or answer.text or self.env._("no answer")
            answer.display_name = f"{answer.step_id.name}: {words}"
