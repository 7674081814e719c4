from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Tell the calendars when a day off is taken or given up."""

    _inherit = 'resource.calendar.leaves'

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._process_calendars()._process_hours_changed()
        return leaves

    def write(self, vals):
        calendars = self._process_calendars()
        result = super().write(vals)
        (calendars | self._process_calendars())._process_hours_changed()
        return result

    def unlink(self):
        calendars = self._process_calendars()
        result = super().unlink()
        calendars._process_hours_changed()
        return result

    def _process_calendars(self):
        """Return the calendars that days off of the whole company change.

        A person's own time off moves no deadline of the house.
        """
        public = self.filtered(lambda leave: not leave.resource_id)
        calendars = public.calendar_id
        if everywhere := public.filtered(lambda leave: not leave.calendar_id):
            # sudo: resource.calendar - a holiday of the company holds in all of its calendars
            calendars |= calendars.sudo().search(
                [('company_id', 'in', [False, *everywhere.company_id.ids])])
        return calendars
