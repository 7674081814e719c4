from odoo import api, fields, models

# What a representative may do, and which of its switches say so.
RIGHTS = ('view', 'buy', 'pay', 'request', 'technical', 'administer')
# Kinds of requests a technical contact deals with.
TECHNICAL_KINDS = ('service', 'warranty', 'return', 'help', 'information')
# By which rights the documents of an area are seen.
SEEN_BY = {
    'order': {'view', 'buy', 'pay'},
    'bill': {'view', 'pay'},
    'request': {'view', 'request', 'technical'},
}


class CrmRepresentativeRight(models.Model):
    """What somebody who uses the portal may see and do there for his company."""

    _name = 'crm.representative.right'
    _inherit = 'mail.thread'
    _description = "Right of a Representative"
    _rec_name = 'partner_id'
    _order = 'commercial_partner_id, partner_id'

    partner_id = fields.Many2one(
        'res.partner', "Representative", required=True, ondelete='cascade', readonly=True)
    commercial_partner_id = fields.Many2one(
        'res.partner', "Customer", related='partner_id.commercial_partner_id', store=True,
        index=True)
    scope = fields.Selection(
        [('own', "Own Documents"), ('company', "Company"), ('group', "Group of Companies")],
        "Sees", default='company', required=True, tracking=True,
        help="Whose documents: those in his own name, those of his company and of the companies "
             "below it, or those of the whole group to which his company belongs.")
    can_view = fields.Boolean(
        "Viewer", default=True, tracking=True,
        help="Sees orders, bills, the statement of account and requests.")
    can_buy = fields.Boolean(
        "Buyer", default=True, tracking=True,
        help="Asks for quotations, accepts them and corrects orders.")
    can_pay = fields.Boolean("Payer", default=True, tracking=True, help="Pays bills and orders.")
    can_request = fields.Boolean(
        "Requester", default=True, tracking=True,
        help="Makes requests of every type, answers and closes them.")
    can_technical = fields.Boolean(
        "Technical", default=True, tracking=True,
        help="Makes requests about service, warranty, returns, help and information, and sees "
             "nothing but those unless he has other rights.")
    can_administer = fields.Boolean(
        "Administrator", tracking=True,
        help="Invites colleagues and sets their rights, as far as his own rights go.")

    _partner_uniq = models.UniqueIndex('(partner_id)', "A representative has his rights once.")

    @api.model_create_multi
    def create(self, vals_list):
        rights = super().create(vals_list)
        self._rights_changed()
        return rights

    def write(self, vals):
        result = super().write(vals)
        self._rights_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._rights_changed()
        return result

    def _leave(self):
        """Leave the representatives nothing but a look at what is in their own names."""
        self.env.add_to_compute(self._fields['commercial_partner_id'], self)
        self.write(self._strangers_values())

    @api.model
    def _rights_changed(self):
        """Let the next request of everybody see the rights as they are now."""
        self.env.registry.clear_cache()

    @api.model
    def _ensure(self, users):
        """Give rights to the users of the portal who have none: what all had before.

        :param users: `res.users`, employees among them are left out
        """
        # sudo: crm.representative.right, res.users - rights come with the access to the portal
        partners = users.sudo().filtered(lambda user: user._is_portal()).partner_id
        # sudo: crm.representative.right - the same
        rights_sudo = self.sudo()
        known = rights_sudo.search([('partner_id', 'in', partners.ids)]).partner_id
        rights_sudo.create([{'partner_id': partner.id} for partner in partners - known])

    def _names(self):
        """Return which rights are switched on.

        :rtype: frozenset[str]
        """
        self.ensure_one()
        return frozenset(name for name in RIGHTS if self[f'can_{name}'])

    def _customers(self):
        """Return the customers whose documents are seen, the one of the representative first.

        :return: commercial entities; nobody when only his own documents are seen
        :rtype: res.partner
        """
        self.ensure_one()
        own = self.commercial_partner_id
        if self.scope == 'own':
            return own.browse()
        top = own
        if self.scope == 'group':
            while top.parent_id:
                top = top.parent_id
        return own | own.with_context(active_test=False).search([
            ('id', 'child_of', top.commercial_partner_id.id), ('is_company', '=', True)])
