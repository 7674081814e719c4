from odoo import api, fields, models
from odoo.fields import Domain


class CrmProcessMixin(models.AbstractModel):
    """Tell on the documents by when they will be done."""

    _inherit = 'crm.process.mixin'

    process_prediction = fields.Char(
        "Prediction", compute='_compute_process_prediction', compute_sudo=True,
        groups='base.group_user')

    @api.depends_context('lang', 'tz', 'uid')
    def _compute_process_prediction(self):
        self.env['crm.process']._track_changed()
        tasks = self.env['crm.process.task'].search(
            Domain('res_model', '=', self._name) & Domain('res_id', 'in', self.ids)
            & self.env['crm.process.task']._open_domain())
        by_document = tasks.grouped('res_id')
        for record in self:
            foreseen = by_document.get(record._origin.id, tasks.browse()).filtered('prediction')
            record.process_prediction = foreseen.prediction if len(foreseen) < 2 else " ".join(
                self.env._(
                    "%(step)s: %(sentence)s", step=task.step_id.name, sentence=task.prediction)
                for task in foreseen)
