from odoo import api, fields, models

RETURN_STATES = [
    ('draft', "To Decide"),
    ('accepted', "Accepted"),
    ('partial', "Partly Accepted"),
    ('rejected', "Rejected by the System"),
]


class CrmRequestDecision(models.Model):
    """One line of the ledger: who decided on a request, when, what and why. Never changed."""

    _name = 'crm.request.decision'
    _description = "Decision on a Request"
    _order = 'id DESC'
    _rec_name = 'request_id'

    request_id = fields.Many2one(
        'crm.request', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='request_id.company_id', store=True)
    kind = fields.Selection(
        [('system', "Decided by the System"), ('override', "Overridden by a Supervisor"),
         ('withdrawn', "Taken Back")], "What", required=True, readonly=True)
    result = fields.Selection(
        [*RETURN_STATES[:3], ('rejected', "Rejected")], required=True, readonly=True)
    user_id = fields.Many2one('res.users', "By", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    policy_id = fields.Many2one('crm.return.policy', readonly=True, ondelete='set null')
    reason = fields.Text(required=True, readonly=True)
    line_count = fields.Integer("Lines", readonly=True)

    @api.model
    def _log(self, request, kind, result, reason, **values):
        """Write into the ledger what was decided on a request.

        :param request: a `crm.request`
        :param str kind: ``system``, ``override`` or ``withdrawn``
        :param str result: what holds now
        :param str reason: why
        :param values: what else is known: ``policy_id``, ``line_count``
        """
        # sudo: crm.request.decision - nobody has the right to write the ledger, it writes itself
        self.sudo().create({
            **values,
            'request_id': request.id,
            'kind': kind,
            'result': result,
            'user_id': self.env.uid,
            'date': fields.Datetime.now(),
            'reason': reason,
        })
