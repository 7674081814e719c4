from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ('manual', "Entered by Hand"),
    ('bill', "Vendor Bill"),
    ('touch', "Letters, Mails and the Like"),
    ('call', "Time on the Phone"),
]


class CrmCampaignExpense(models.Model):
    """What a campaign has cost so far, from wherever it is known."""

    _name = 'crm.campaign.expense'
    _description = "Expense of a Campaign"
    _auto = False
    _order = 'date DESC, id DESC'
    _rec_name = 'name'
    _depends = {
        'crm.campaign.cost': ['campaign_id', 'name', 'date', 'kind', 'amount'],
        'crm.campaign.touch': ['campaign_id', 'step_id', 'date', 'state', 'name'],
        'crm.campaign.step': ['unit_cost', 'name'],
        'crm.campaign.member': ['campaign_id'],
        'crm.call': ['res_model', 'res_id', 'duration', 'date_start', 'company_id'],
        'res.company': ['campaign_minute_cost'],
        'account.move.line': ['campaign_id', 'balance', 'parent_state', 'name', 'display_type'],
        'account.move': ['invoice_date', 'move_type'],
        'utm.campaign': ['company_id'],
    }

    name = fields.Char("Description", readonly=True)
    campaign_id = fields.Many2one('utm.campaign', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, "From", readonly=True)
    step_id = fields.Many2one('crm.campaign.step', readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY spent.kind, spent.origin) AS id, spent.*
            FROM (
                SELECT 'manual' AS kind, cost.id AS origin, cost.campaign_id, cost.company_id,
                       cost.date, cost.name, NULL::integer AS step_id, cost.amount
                FROM crm_campaign_cost cost WHERE cost.kind = 'spent'
                UNION ALL
                SELECT 'bill', line.id, line.campaign_id, line.company_id,
                       COALESCE(move.invoice_date, move.date), line.name, NULL, line.balance
                FROM account_move_line line JOIN account_move move ON move.id = line.move_id
                WHERE line.campaign_id IS NOT NULL AND line.parent_state = 'posted'
                  AND line.display_type = 'product'
                  AND move.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
                UNION ALL
                SELECT 'touch', touch.id, touch.campaign_id, touch.company_id, touch.date::date,
                       touch.name, step.id, step.unit_cost
                FROM crm_campaign_touch touch JOIN crm_campaign_step step ON step.id = touch.step_id
                WHERE touch.state = 'done' AND step.unit_cost > 0
                UNION ALL
                SELECT 'call', call.id, member.campaign_id, call.company_id, call.date_start::date,
                       NULL, NULL, call.duration::numeric * company.campaign_minute_cost
                FROM crm_call call
                JOIN crm_campaign_member member ON member.id = call.res_id
                JOIN res_company company ON company.id = call.company_id
                WHERE call.res_model = 'crm.campaign.member' AND company.campaign_minute_cost > 0
            ) AS spent
            """)
