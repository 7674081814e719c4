from odoo import api, fields, models


class CrmDebtLevel(models.Model):
    """How firmly a customer is asked to pay, by how long his bills are overdue."""

    _name = 'crm.debt.level'
    _description = "Level of Debt"
    _order = 'days, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    days = fields.Integer(
        "Days Overdue", required=True, help="From how many days of the oldest bill on it applies.")
    company_id = fields.Many2one('res.company', help="Empty: for every company.")
    text = fields.Html(
        "Words of the Letter", translate=True,
        help="Stands in the letter before the list of the bills.")
    template_id = fields.Many2one(
        'mail.template', "Letter", domain=[('model', '=', 'crm.request')], ondelete='restrict',
        default=lambda self: self.env.ref(
            'crm_service_requests.mail_template_debt_letter', raise_if_not_found=False),
        help="Empty: nothing is sent.")
    automatic = fields.Boolean(
        "Send by Itself", help="In working hours, as soon as a debt comes to this level.")
    user_id = fields.Many2one(
        'res.users', "Goes to", domain=[('share', '=', False)],
        help="Who answers for the request from this level on. Empty: it stays where it is.")

    _days_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), days) WHERE active", "Another level begins at the same day.")
    _days = models.Constraint('CHECK (days >= 0)', "A level cannot begin before a bill is due.")

    @api.model
    def _by_company(self, companies):
        """Return the levels of companies, from the first to the last.

        :param companies: `res.company`
        :rtype: dict[res.company, crm.debt.level]
        """
        # sudo: crm.debt.level - which level a debt has is for all the same
        levels_sudo = self.sudo().search([('company_id', 'in', [False, *companies.ids])])
        return {
            company: levels_sudo.filtered_domain([('company_id', 'in', [False, company.id])])
            for company in companies}

    def _reached(self, days):
        """Return the last of the levels that bills overdue for so many days have reached.

        :param int days: since the oldest bill was due
        :rtype: crm.debt.level
        """
        return self.filtered(lambda level: level.days <= days)[-1:]

    def _after(self, level):
        """Return the one of the levels that comes after another; the last one stays.

        :param level: one of the levels, or none
        :rtype: crm.debt.level
        """
        return self.filtered(lambda other: not level or other.days > level.days)[:1] or level
