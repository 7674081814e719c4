from odoo import fields, models


class CrmProspectColumn(models.Model):
    """One column of a file with prospects, and what it holds."""

    _name = 'crm.prospect.column'
    _description = "Column of Prospects"
    _order = 'import_id, place'
    _rec_name = 'heading'

    import_id = fields.Many2one(
        'crm.prospect.import', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='import_id.company_id')
    place = fields.Integer(readonly=True)
    heading = fields.Char(readonly=True)
    example = fields.Char("Such as", readonly=True)
    field = fields.Selection(
        [
            ('name', "Name"),
            ('first_name', "First Name"),
            ('last_name', "Last Name"),
            ('company_name', "Company"),
            ('function', "Job Position"),
            ('email', "Email"),
            ('phone', "Phone"),
            ('mobile', "Mobile"),
            ('website', "Website"),
            ('street', "Street"),
            ('street2', "Street, Second Line"),
            ('zip', "Postal Code"),
            ('city', "City"),
            ('country', "Country"),
            ('vat', "Tax ID"),
            ('note', "Note"),
        ], "Holds", help="Empty: the column stays in the line as it came, and is not taken over.")
