from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = 'crm.team'

    order_manager_policy = fields.Selection(
        [
            ('none', "Who Calls First"),
            ('creator', "Who Enters the Order"),
            ('load', "Who Has the Fewest Open Orders"),
            ('turn', "One after the Other"),
            ('personal', "The Customer's Personal Manager"),
            ('rule', "By Rules"),
        ],
        "Order Manager", default='none', required=True,
        help="Who becomes the manager of a new order of the team.")
    order_manager_ids = fields.Many2many(
        'res.users', 'crm_team_order_manager_rel', 'team_id', 'user_id', "Order Managers",
        help="Who takes part. Everybody with the role when nobody is chosen.")
    order_manager_rule_ids = fields.One2many(
        'crm.manager.rule', 'team_id', "Rules", copy=True)
    call_queue_order = fields.Selection(
        [('value', "By the Value of a Call"), ('date', "By Date")], "Never Called Orders",
        default='value', required=True,
        help="Which of the orders nobody has called about yet comes first.")
