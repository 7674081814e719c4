from odoo import api, fields, models


class CrmProcessReassign(models.TransientModel):
    """Ask who is to answer for a step from now on."""

    _name = 'crm.process.reassign'
    _description = "Reassign a Step"

    task_ids = fields.Many2many('crm.process.task', string="Steps", required=True, readonly=True)
    group_ids = fields.Many2many('res.groups', string="Roles", compute='_compute_group_ids')
    user_id = fields.Many2one('res.users', "New Responsible", required=True)

    @api.depends('task_ids')
    def _compute_group_ids(self):
        for wizard in self:
            wizard.group_ids = self.env['res.groups'].union(
                *(task._role() for task in wizard.task_ids._origin))

    def action_reassign(self):
        """Put the person on the documents.

        :raise AccessError: if the user may not change the documents
        """
        self.task_ids._reassign(self.user_id)
        return {'type': 'ir.actions.act_window_close'}
