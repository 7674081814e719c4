from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_representative_right import RIGHTS

# The rights that are given by one click.
ROLES = {
    'viewer': {'view'},
    'buyer': {'buy'},
    'payer': {'pay'},
    'requester': {'request'},
    'technical': {'technical'},
    'full': set(RIGHTS) - {'administer'},
    'administrator': set(RIGHTS),
}
ROLE_LABELS = [
    ('viewer', "Viewer"), ('buyer', "Buyer"), ('payer', "Payer"), ('requester', "Requester"),
    ('technical', "Technical"), ('full', "Everything"), ('administrator', "Administrator"),
    ('custom', "Other"),
]


class CrmRepresentativeRight(models.Model):
    """The usual sets of rights have names."""

    _inherit = 'crm.representative.right'

    role = fields.Selection(
        ROLE_LABELS, compute='_compute_role', inverse='_inverse_role', store=True,
        help="A usual set of rights. Administrators have all rights, everything is all rights "
             "but that of an administrator, and other is a set of your own.")

    @api.depends(lambda self: [f'can_{name}' for name in RIGHTS])
    def _compute_role(self):
        for right in self:
            names = right._names()
            right.role = next((role for role in ROLES if ROLES[role] == names), 'custom')

    def _inverse_role(self):
        for role, rights in self.grouped('role').items():
            rights.write(self._role_values(role))

    @api.onchange('role')
    def _onchange_role(self):
        self.update(self._role_values(self.role))

    @api.constrains('scope', 'can_administer')
    def _check_administrator(self):
        for right in self.filtered('can_administer'):
            if right.scope == 'own':
                raise ValidationError(self.env._(
                    "%(representative)s cannot administer a company of which he sees nothing but "
                    "his own documents. Let him see the company.",
                    representative=right.partner_id.name))

    @api.model
    def _role_values(self, role):
        """Return the switches of a role; nothing for a set of one's own.

        :param str role: a key of `ROLES`, or `custom`
        :rtype: dict[str, bool]
        """
        names = ROLES.get(role)
        return {} if names is None else {f'can_{name}': name in names for name in RIGHTS}

    @api.model
    def _strangers_values(self):
        """Return what somebody may who has come from another company: see what is his own.

        :rtype: dict
        """
        return {**self._role_values('viewer'), 'scope': 'own'}
