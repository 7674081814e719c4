from odoo import fields, models


class CrmRequestBooking(models.Model):
    """The time of a technician that a confirmed visit takes, and no other one can."""

    _name = 'crm.request.booking'
    _description = "Time of a Technician"
    _order = 'start, id'
    _rec_name = 'request_id'

    request_id = fields.Many2one(
        'crm.request', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one(
        'res.users', "Technician", required=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id', store=True, index=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)

    # Two people who confirm visits at the same moment: one waits, and is refused.
    _one_visit = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&,"
        " tsrange(start, stop) WITH &&)",
        "A technician cannot be on two visits at the same time.")
