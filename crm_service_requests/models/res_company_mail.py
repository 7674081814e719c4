from odoo import api, fields, models
from odoo.tools.mail import email_normalize, email_split


class ResCompany(models.Model):
    """The address to which customers write about everything."""

    _inherit = 'res.company'

    request_alias_id = fields.Many2one(
        'mail.alias', "Address of Requests", copy=False, ondelete='restrict')
    request_alias_name = fields.Char(
        "Mail Address of Requests", compute='_compute_request_alias',
        inverse='_inverse_request_alias_name',
        help="Customers write there about everything; the type is recognised by words.")
    request_alias_email = fields.Char(
        "Full Address of Requests", compute='_compute_request_alias')
    request_default_type_id = fields.Many2one(
        'crm.request.type', "Type if None Is Recognised",
        domain="['|', ('company_id', '=', False), ('company_id', '=', id)]")
    request_fax_senders = fields.Char(
        "Senders of Faxes",
        help="What these addresses mail is a fax or a scan. Separated by commas; @example.com "
             "stands for every address there.")

    @api.depends('request_alias_id.alias_name', 'request_alias_id.alias_full_name')
    def _compute_request_alias(self):
        for company in self:
            # sudo: mail.alias - the address is no secret
            alias_sudo = company.request_alias_id.sudo()
            company.request_alias_name = alias_sudo.alias_name
            company.request_alias_email = alias_sudo.alias_domain and alias_sudo.alias_full_name

    def _inverse_request_alias_name(self):
        for company in self:
            # sudo: mail.alias - who may write the company decides on its address
            alias_sudo = company.request_alias_id.sudo()
            if alias_sudo:
                alias_sudo.alias_name = company.request_alias_name
            elif company.request_alias_name:
                company.request_alias_id = alias_sudo.create({
                    'alias_name': company.request_alias_name,
                    'alias_domain_id': company.alias_domain_id.id,
                    'alias_model_id': self.env['ir.model']._get_id('crm.request'),
                    'alias_defaults': {'company_id': company.id},
                })

    def _is_fax_sender(self, sender):
        """Tell whether an address is that of a machine that mails faxes or scans.

        :param str sender: an address, maybe with a name
        :rtype: bool
        """
        self.ensure_one()
        address = email_normalize(sender, strict=False) or ''
        places = (self.request_fax_senders or '').lower().replace(',', ' ').split()
        return bool(address) and (
            address in email_split(' '.join(places)) or f'@{address.partition("@")[2]}' in places)
