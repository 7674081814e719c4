from odoo import fields, models


class CrmProcessExtension(models.Model):
    """Working hours by which the deadline of a task was moved: a pause, or a postponement."""

    _name = 'crm.process.extension'
    _description = "Extension of a Deadline"
    _inherit = ['crm.process.document']
    _order = 'date_start, id'

    task_id = fields.Many2one('crm.process.task', required=True, index=True, ondelete='cascade')
    res_model = fields.Char(related='task_id.res_model', store=True, required=False)
    res_id = fields.Many2oneReference(related='task_id.res_id', store=True, required=False)
    company_id = fields.Many2one(related='task_id.company_id', store=True, required=False)
    kind = fields.Selection(
        [('pause', "Pause"), ('postponement', "Postponement")], default='pause', required=True)
    date_start = fields.Datetime("Since", required=True)
    date_end = fields.Datetime("Until")
    hours = fields.Float(
        "Working Hours", help="Of a pause: the working hours that passed in it.")
    reason = fields.Char()
    user_id = fields.Many2one('res.users', "Postponed by")

    _one_pause = models.UniqueIndex(
        "(task_id) WHERE kind = 'pause' AND date_end IS NULL",
        "The clock of a task stands still only once at a time.")
