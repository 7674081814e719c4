from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .. import periods

GROUPS = [
    ('partner_id', "Customer"), ('family_id', "Group of Companies"), ('tag_ids', "Tag"),
    ('industry_id', "Industry"), ('country_id', "Country"), ('state_id', "Region"),
    ('user_id', "Salesperson"), ('team_id', "Sales Team"), ('product_id', "Product"),
    ('category_id', "Product Category"),
]


class CrmSalesCompare(models.TransientModel):
    """Choose a period to compare with the one before and with the same of the year before."""

    _name = 'crm.sales.compare'
    _description = "Compare Sales"

    period = fields.Selection(
        [('this_month', "This Month"), ('last_month', "Last Month"),
         ('this_quarter', "This Quarter"), ('last_quarter', "Last Quarter"),
         ('this_year', "This Year"), ('last_year', "Last Year"), ('custom', "Other Days")],
        required=True, default='this_year')
    date_start = fields.Date(
        "From", compute='_compute_dates', store=True, readonly=False, required=True,
        precompute=True)
    date_end = fields.Date(
        "To", compute='_compute_dates', store=True, readonly=False, required=True,
        precompute=True)
    group_by = fields.Selection(GROUPS, "By", required=True, default='partner_id')

    @api.depends('period')
    def _compute_dates(self):
        today = fields.Date.context_today(self)
        for compare in self:
            if compare.period != 'custom':
                compare.date_start, compare.date_end = periods.named(compare.period, today)
            elif not compare.date_start:
                compare.date_start = compare.date_end = today

    @api.constrains('date_start', 'date_end')
    def _check_dates(self):
        for compare in self:
            if compare.date_start > compare.date_end:
                raise ValidationError(self.env._(
                    "The period would end on %(end)s, before it begins. Choose a later day.",
                    end=format_date(self.env, compare.date_end)))

    def action_compare(self):
        """Open the sales of the period, beside those they are compared with."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_sales_facts.crm_sales_comparison_action')
        name = self.env._(
            "%(start)s to %(end)s, compared", start=format_date(self.env, self.date_start),
            end=format_date(self.env, self.date_end))
        return {
            **action,
            'name': name,
            'display_name': name,
            'context': {
                'sales_start': fields.Date.to_string(self.date_start),
                'sales_end': fields.Date.to_string(self.date_end),
                'group_by': [self.group_by],
            },
        }
