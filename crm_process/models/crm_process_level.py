from odoo import fields, models


class CrmProcessLevel(models.Model):
    """When somebody is warned of a step, who, and how."""

    _name = 'crm.process.level'
    _description = "Warning Level"
    _order = 'step_id, sequence, id'

    step_id = fields.Many2one('crm.process.step', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    trigger = fields.Selection([
        ('percent', "Percent of the Norm"),
        ('after', "Hours after the Norm"),
        ('probability', "Probability to Be Late (Percent)"),
    ], default='percent', required=True)
    value = fields.Float(
        default=80.0, required=True,
        help="Percent of the norm that is used, working hours since the norm was over, or percent "
             "of probability, as learnt from what such steps took before.")
    notify = fields.Selection([
        ('responsible', "Responsible"),
        ('lead', "His Lead"),
        ('role', "Everybody of a Role"),
        ('owner', "Owner of the Process"),
    ], "Whom to Warn", default='responsible', required=True)
    group_id = fields.Many2one(
        'res.groups', "Role",
        domain=lambda self: [('id', 'in', self.env['crm.process']._role_groups().ids)])
    channel = fields.Selection([
        ('activity', "Activity"),
        ('mail', "Mail"),
        ('bus', "Message on the Screen"),
    ], "How", default='activity', required=True)
    template_id = fields.Many2one(
        'mail.template', "Mail Template", domain=[('model', '=', 'res.users')],
        help="What the mail says above the list of what is due. Empty: a plain sentence.")

    _value = models.Constraint(
        "CHECK (CASE WHEN trigger = 'after' THEN value >= 0"
        " WHEN trigger = 'probability' THEN value > 0 AND value < 100 ELSE value > 0 END)",
        "A level comes after more than 0 percent of the norm, at a probability between 0 and 100 "
        "percent, or some working hours after the norm.")
    _role = models.Constraint(
        "CHECK (notify != 'role' OR group_id IS NOT NULL)",
        "Choose the role that is warned.")

    def _hours(self, norm_hours, risk):
        """Tell after how many working hours in the step the level is reached.

        :param float norm_hours: norm of the step
        :param risk: gives for a probability in percent the working hours after which the step is
            so likely to be late, or None
        :type risk: Callable[[float], float | None]
        :return: working hours, or None for never
        :rtype: float | None
        """
        self.ensure_one()
        if self.trigger == 'percent':
            return norm_hours * self.value / 100
        if self.trigger == 'after':
            return norm_hours + self.value
        return risk(self.value)
