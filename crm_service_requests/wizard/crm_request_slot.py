from odoo import fields, models


class CrmRequestSlot(models.TransientModel):
    """A time at which technicians could come."""

    _name = 'crm.request.slot'
    _description = "Free Time of Technicians"
    _order = 'start, id'
    _rec_name = 'start'

    request_id = fields.Many2one('crm.request', required=True, ondelete='cascade')
    start = fields.Datetime("From", required=True)
    stop = fields.Datetime("To", required=True)
    user_ids = fields.Many2many('res.users', string="Technicians")

    def action_choose(self):
        """Plan the visit of the request at this time.

        :rtype: dict
        """
        self.ensure_one()
        self.request_id.write({
            'technician_ids': [fields.Command.set(self.user_ids.ids)],
            'service_start': self.start,
        })
        return {'type': 'ir.actions.act_window_close'}
