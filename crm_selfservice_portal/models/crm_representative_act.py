from odoo import api, fields, models


class CrmRepresentativeAct(models.Model):
    """What a representative did in the portal: written once, changed by nobody."""

    _name = 'crm.representative.act'
    _description = "Act of a Representative"
    _order = 'id DESC'
    _rec_name = 'act'

    user_id = fields.Many2one('res.users', required=True, readonly=True, ondelete='restrict')
    partner_id = fields.Many2one(
        'res.partner', "Representative", required=True, readonly=True, index=True,
        ondelete='cascade')
    commercial_partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, readonly=True, index=True, ondelete='cascade',
        help="The company for which he acted.")
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    act = fields.Selection([
        ('accept', "Accepted"), ('decline', "Declined"), ('pay', "Paid"),
        ('correct', "Corrected"), ('cancel', "Cancelled"), ('request', "Requested"),
        ('close', "Closed"), ('reopen', "Reopened"), ('invite', "Invited"),
        ('rights', "Changed Rights"), ('revoke', "Revoked Access"), ('statement', "Statement"),
        ('quotation', "Asked for Quotation"), ('propose', "Proposed"), ('document', "Document"),
    ], required=True, readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field='res_model', readonly=True)
    document = fields.Char("Name of the Document", readonly=True)
    note = fields.Char(readonly=True)

    @api.model
    def _note(self, act, record, note=''):
        """Write down what the user did, if he is a customer in the portal.

        :param str act: one of the values of `act`
        :param models.Model record: on which document
        :param str note: what there is to say beyond
        :return: what was written down; nothing for an employee
        :rtype: crm.representative.act
        """
        user = self.env.user
        # sudo: crm.representative.act - acts are written by the system, not by people
        acts_sudo = self.sudo()
        if not user._is_portal():
            return acts_sudo.browse()
        # sudo: res.users - the name of a document is told by who may read it
        partner_sudo, record_sudo = user.sudo().partner_id, record.sudo()
        company = record_sudo['company_id'] if 'company_id' in record_sudo._fields else None
        return acts_sudo.create({
            'user_id': user.id,
            'partner_id': partner_sudo.id,
            'commercial_partner_id': partner_sudo.commercial_partner_id.id,
            'company_id': (company or self.env.company).id,
            'act': act,
            'res_model': record_sudo._name,
            'res_id': record_sudo.id,
            'document': record_sudo.display_name,
            'note': note,
        })
