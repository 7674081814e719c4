from odoo import api, fields, models


class CrmProcessMixin(models.AbstractModel):
    """Tell on the documents by when they will be done."""

    _inherit = 'crm.process.mixin'

    process_prediction = fields.Char(
        "Prediction", compute='_compute_process_prediction', compute_sudo=True,
        groups='base.group_user')

    @api.depends_context('lang', 'tz', 'uid')
    def _compute_process_prediction(self):
        by_document = self._open_process_tasks()
        none = self.env['crm.process.task']
        for record in self:
            foreseen = by_document.get(record._origin.id, none).filtered('prediction')
            record.process_prediction = foreseen.prediction if len(foreseen) < 2 else " ".join(
                self.env._(
                    "%(step)s: %(sentence)s", step=task.step_id.name, sentence=task.prediction)
                for task in foreseen)
