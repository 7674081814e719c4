from odoo import fields, models

# What an outcome means for whoever calls next; the names in front of it are the company's own.
KINDS = [
    ('no_answer', "No Answer"),
    ('callback', "Call Back"),
    ('progress', "Progress"),
    ('won', "Won"),
    ('lost', "Lost"),
    ('invalid', "Wrong Number"),
    ('opt_out', "Do Not Call"),
]
# After these nobody calls about the document any more.
CLOSING_KINDS = {'lost', 'invalid', 'opt_out'}
# Then nobody at the customer's answered.
UNREACHED_KINDS = {'no_answer', 'invalid'}


class CrmCallOutcome(models.Model):
    """How a call ended, and what that means for the next one."""

    _name = 'crm.call.outcome'
    _description = "Call Outcome"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default='progress')
    purpose = fields.Selection(
        [('payment', "Getting Paid"), ('sale', "Selling")],
        help="To callers about something else it is not offered. Empty: it ends any call.")
    retry_hours = fields.Integer(
        "Call Again After", default=24,
        help="Hours to wait before the document is offered for a call again.")
    max_attempts = fields.Integer(
        "Attempts at Most",
        help="After so many calls in a row that ended this way, nobody is sent to call again. "
             "0: no limit.",
    )

    ask_difficulty = fields.Boolean(
        "Ask for the Difficulty", help="The caller has to say what keeps the customer from paying.")
    then = fields.Selection(
        [
            ('nothing', "Nothing"),
            ('lead', "Hand to the Lead"),
            ('mail', "Write a Mail"),
            ('lost', "Give up"),
        ],
        "What Then", default='nothing', required=True,
        help="What happens after the last attempt.\n"
             "Hand to the Lead: a lead of the call center gets an activity.\n"
             "Write a Mail: the customer gets a mail, once per document.\n"
             "Give up: the reason is noted, and the salesperson gets an activity.")
    then_at_once = fields.Boolean(
        "Already after the First Call", help="Not only after as many attempts as there may be.")
    then_template_id = fields.Many2one(
        'mail.template', "Mail", ondelete='restrict', index='btree_not_null')
    then_reason = fields.Char("Reason", translate=True)

    _check_retry_hours = models.Constraint(
        'CHECK(retry_hours >= 0)', "The hours before the next call cannot be negative.")
    _check_max_attempts = models.Constraint(
        'CHECK(max_attempts >= 0)', "The number of attempts cannot be negative.")
    _check_then_template = models.Constraint(
        "CHECK(\"then\" != 'mail' OR then_template_id IS NOT NULL)",
        "Choose the mail the customer is to get.")
