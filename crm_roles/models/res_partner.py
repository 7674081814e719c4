from odoo import api, models

# Those who may write contacts in Odoo itself; the guard leaves them alone.
FULL_WRITERS = (
    'base.group_partner_manager,base.group_system,'
    'sales_team.group_sale_salesman,account.group_account_invoice'
)
# What a customer pays, owes and is allowed, and to whom he belongs: not contact data.
TERMS_OF_BUSINESS = {
    'active', 'company_id', 'user_id', 'user_ids', 'bank_ids', 'payment_token_ids',
    'credit_limit', 'use_partner_credit_limit', 'trust', 'autopost_bills',
    'specific_property_product_pricelist', 'property_product_pricelist',
    'property_payment_term_id', 'property_supplier_payment_term_id',
    'property_account_payable_id', 'property_account_receivable_id',
    'property_account_position_id', 'property_inbound_payment_method_line_id',
    'property_outbound_payment_method_line_id', 'ignore_abnormal_invoice_amount',
    'ignore_abnormal_invoice_date', 'invoice_edi_format',
}
# Moving a contact under another company lets his portal user see its documents.
PLACE_IN_COMPANY = {'parent_id', 'child_ids', 'is_company', 'company_type'}


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = ['res.partner', 'crm.write.guard']

    # Whom somebody looks after is asked by the rules of nearly all documents.
    _user_idx = models.Index("(user_id) WHERE user_id IS NOT NULL")

    @api.model
    def _field_writers(self, name):
        if name in TERMS_OF_BUSINESS:
            return FULL_WRITERS
        if name in PLACE_IN_COMPANY:
            return f'{FULL_WRITERS},crm_roles.group_service_supervisor'
        return super()._field_writers(name)
