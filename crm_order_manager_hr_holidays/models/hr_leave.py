from odoo import models


class HrLeave(models.Model):
    _inherit = 'hr.leave'

    def write(self, vals):
        result = super().write(vals)
        if {'state', 'request_date_from', 'request_date_to'} & vals.keys():
            self.env['res.users']._follow_absences_soon()
        return result
