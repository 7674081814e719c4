from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_roles.notification import RELOAD, notify


class ResPartner(models.Model):
    """Customers nobody looks after, and who may take how many of them."""

    _inherit = 'res.partner'

    customer_finder_id = fields.Many2one(
        'crm.customer.finder', "Found by", store=False, search='_search_customer_finder_id')

    def _search_customer_finder_id(self, operator, value):
        if operator != 'in':
            return NotImplemented
        finders = self.env['crm.customer.finder'].browse(id_ for id_ in value if id_).exists()
        finders.check_access('read')
        return Domain.OR(finder._customer_domain() for finder in finders)

    def action_take(self):
        """Take the customers: from now on the user looks after them.

        :raise UserError: when they are too many, or somebody gave one of them up just now
        :raise AccessError: when somebody else looks after one of them
        """
        self.check_access('write')
        self._set_personal_manager(self.env.user, 'taken')
        return notify(self.env._("%s customers are yours now.", len(self)), RELOAD)

    @api.model
    def _customer_domain(self):
        """Return the domain of the contacts one does business with.

        Those are neither contacts within a company, nor colleagues, nor companies of ours.

        :rtype: Domain
        """
        return (
            (Domain('parent_id', '=', False) | Domain('is_company', '=', True))
            & Domain('partner_share', '=', True) & Domain('ref_company_ids', '=', False)
        )

    @api.model
    def _cooling_domain(self):
        """Return the domain of the contacts somebody gave up too short a time ago to take them.

        :rtype: Domain
        """
        days = self.env.company.customer_cooling_days
        if not days:
            return Domain.FALSE
        # sudo: crm.manager.change - whoever gave the customer up, and whether one may read it
        given_up = self.env['crm.manager.change'].sudo()._search(
            Domain('kind', '=', 'personal') & Domain('from_user_id', '!=', False)
            & Domain('to_user_id', '=', False) & Domain('date', '>', f'now -{days}d'))
        return Domain('personal_manager_id', '=', False) & Domain(
            'id', 'in', given_up.subselect('partner_id'))

    def _check_taking(self):
        """Refuse to take more customers than one person may have, or what is still cooling.

        :raise UserError: naming the customer and the way out
        """
        Partner = self.env['res.partner'].with_context(active_test=False)
        cooling = Partner.search(Domain('id', 'in', self.ids) & self._cooling_domain(), limit=1)
        if cooling:
            raise UserError(self.env._(
                "%(customer)s was given up less than %(days)s days ago. Wait, or ask a call "
                "center lead or a sales manager to give you the customer.",
                customer=cooling.display_name, days=self.env.company.customer_cooling_days))
        cap = self.env.company.customer_cap
        mine = Partner.search_count(
            Domain('personal_manager_id', '=', self.env.uid) & self._customer_domain()
            & Domain('id', 'not in', self.ids))
        coming = len(self.filtered_domain(self._customer_domain()))
        if cap and mine + coming > cap:
            raise UserError(self.env._(
                "You look after %(mine)s customers, and nobody takes more than %(cap)s: "
                "%(coming)s more are too many. Give some up first, or take fewer.",
                mine=mine, cap=cap, coming=coming))
