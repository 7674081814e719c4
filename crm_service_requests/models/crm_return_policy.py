from odoo import api, fields, models
from odoo.exceptions import UserError

from .return_decision import Rule

DECISIONS = [('accepted', "Accept"), ('rejected', "Reject")]


class CrmReturnPolicy(models.Model):
    """What may go back: rules in their order, and what holds where none of them fits."""

    _name = 'crm.return.policy'
    _description = "Return Policy"
    _inherit = ['mail.thread']
    _order = 'state, name, id'

    name = fields.Char(required=True, translate=True)
    state = fields.Selection(
        [('active', "In Force"), ('draft', "Draft"), ('retired', "Retired")], "Status",
        default='draft', required=True, readonly=True, copy=False, tracking=True)
    company_id = fields.Many2one(
        'res.company', help="Empty: for every company without a policy of its own.")
    default_decision = fields.Selection(
        DECISIONS, "Otherwise", default='rejected', required=True, tracking=True,
        help="Decided where no rule fits.")
    default_reason = fields.Char(
        "Told to the Customer", translate=True, required=True,
        default=lambda self: self.env._("The terms of return do not provide for it."))
    refund_on = fields.Selection(
        [('acceptance', "When It Is Accepted"), ('receipt', "When It Has Arrived")],
        "Credit Note", default='acceptance', required=True, tracking=True,
        help="From when on the credit note of a return can be made. Without delivery orders there "
             "is no arrival, and it can be made at once.")
    rule_ids = fields.One2many('crm.return.policy.rule', 'policy_id', "Rules", copy=True)

    _active_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE state = 'active'",
        "Only one return policy of a company can be in force.")

    def copy_data(self, default=None):
        return [
            {**vals, 'name': self.env._("%(policy)s (copy)", policy=policy.name)}
            | (default or {})
            for policy, vals in zip(self, super().copy_data(default), strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for policy in self.filtered(lambda policy: policy.state != 'draft'):
            raise UserError(self.env._(
                "%(policy)s has decided on returns and is kept. Put another one in force instead.",
                policy=policy.name))

    def action_activate(self):
        """Put the policy in force; the one before of the same company is retired.

        Returns that are decided stay as they are.
        """
        self.ensure_one()
        before = self.search([
            ('company_id', '=', self.company_id.id), ('state', '=', 'active'),
            ('id', '!=', self.id)])
        before.state = 'retired'
        before.flush_recordset()
        self.state = 'active'

    @api.model
    def _in_force(self, company):
        """Return the policy that decides on returns to a company, its own before the common one.

        :rtype: crm.return.policy
        """
        # sudo: crm.return.policy - the policy holds for whoever may decide
        return self.sudo().search([
            ('state', '=', 'active'), ('company_id', 'in', [False, company.id]),
        ], order='company_id', limit=1)

    def _plain_rules(self):
        """Return the rules, and what holds otherwise, as :mod:`return_decision` asks for them.

        :rtype: tuple[list[Rule], Rule]
        """
        self.ensure_one()
        return [rule._plain() for rule in self.rule_ids], Rule(
            self.default_decision == 'accepted', self.default_reason)

    def _plain_or_nothing(self):
        """Return the rules as :meth:`_plain_rules` does; without a policy nothing is accepted.

        :rtype: tuple[list[Rule], Rule]
        """
        return self._plain_rules() if self else ([], Rule(False))
