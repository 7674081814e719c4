from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class ResUsers(models.Model):
    _inherit = 'res.users'

    dialler_extension = fields.Char(
        "Telephone Extension", copy=False, help="By what the dialler knows this person.")

    _dialler_extension_uniq = models.UniqueIndex(
        "(company_id, dialler_extension) WHERE dialler_extension IS NOT NULL",
        "Somebody else of this company has this telephone extension.")

    def _dialler_name(self):
        """Return by what the dialler knows the user.

        :rtype: str
        """
        self.ensure_one()
        return self.dialler_extension or self.login

    @api.model
    def _find_by_dialler_name(self, name, company):
        """Return whom the dialler means: by the extension, else the login, else the e-mail address.

        :param str name: what the dialler calls him
        :param company: the company he must work for, a `res.company`
        :rtype: res.users
        """
        keys = ['dialler_extension', 'login', 'email_normalized']
        values = [name, name, email_normalize(name) or name]
        found = self.search(
            Domain('company_ids', 'in', company.ids) & Domain('share', '=', False)
            & Domain.OR(Domain(key, '=', value) for key, value in zip(keys, values, strict=True)))
        for key, value in zip(keys, values, strict=True):
            if match := found.filtered(lambda user, key=key, value=value: user[key] == value):
                # An extension may be another person's in another company.
                return match.sorted(lambda user: (user.company_id != company, user.id))[0]
        return self.browse()
